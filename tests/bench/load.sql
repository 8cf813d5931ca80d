-- The three files into one database file, in file order.  Sorting the polls
-- by store would make the report a fifth faster and the file smaller, and
-- cost more at each load than it saves.
create table polls as
select store_id, status = 'active' as up, timestamp_utc::timestamp as ts
from read_csv(getvariable('polls'), header = true, delim = ',', quote = '',
  auto_detect = false, columns = {'store_id': 'varchar', 'status': 'varchar',
  'timestamp_utc': 'varchar'});

create table hours as
select store_id, day, start_time_local as opens, end_time_local as closes
from read_csv(getvariable('hours'), header = true, delim = ',', quote = '',
  auto_detect = false, columns = {'store_id': 'varchar', 'day': 'tinyint',
  'start_time_local': 'time', 'end_time_local': 'time'});

create table zones as
select store_id, timezone_str as tz
from read_csv(getvariable('timezones'), header = true, delim = ',',
  quote = '', auto_detect = false, columns = {'store_id': 'varchar',
  'timezone_str': 'varchar'});

checkpoint;
