-- The report over the three tables of load.sql, with the rules of
-- docs/SEMANTICS.md: interpolation "previous", split and overlapping hours,
-- nights, 23:59 as midnight, zones by ICU, shifts without a poll.
--
-- How it is made fast: store ids become numbers once; a date's offset is asked
-- of ICU once per zone, and single wall-clock times only on days on which
-- the clock changes; polls and starts of shifts go through one window,
-- sorted as one integer, instead of a join of every poll with its shift.
--
-- It leaves out: another as_of than the newest poll, the other interpolations,
-- reach, special hours, a filter of stores, the observed parts, outages, the
-- status now, repeated polls of one instant, the first of two equal times
-- when the clock goes back (ICU takes the second), all checks of the input.

create temp table store as
select row_number() over (order by store_id)::integer as n, store_id,
  coalesce(tz, 'America/Chicago') as tz,
  store_id in (select store_id from hours) as has_hours
from (select store_id from polls union select store_id from hours
  union select store_id from zones)
left join zones using (store_id);

-- An event's key is its instant in microseconds, times 4, plus 0 for the
-- start of a shift, 2 for an inactive poll, 3 for an active one; so a poll at
-- the very start of a shift lies in it.  step keeps, of each shift, the start
-- and the polls in it; chained says that the next event is a poll in it too.
create temp table step as
with span as materialized (
  select min(ts)::date - 2 as first_day, max(ts)::date + 1 as last_day
  from polls),
day_of_zone as materialized (
  select tz, d::date as d, isodow(d) - 1 as weekday,
    d - timezone(tz, d)::timestamp as utc_offset,
    timezone(tz, d + interval 2 day) - timezone(tz, d) = interval 48 hour
      as plain
  from (select distinct tz from store), span,
    unnest(generate_series(first_day::timestamp, last_day::timestamp,
      interval 1 day)) as t(d)),
wall as (
  select n, tz, utc_offset, plain, d + opens as a,
    case when closes >= time '23:59:00' then (d + 1)::timestamp
      when closes <= opens then d + 1 + closes
      else d + closes end as b
  from hours join store using (store_id) join day_of_zone using (tz)
  where day_of_zone.weekday = hours.day),
open_time as (
  select n,
    case when plain then a - utc_offset else timezone(tz, a)::timestamp end
      as a,
    case when plain then b - utc_offset else timezone(tz, b)::timestamp end
      as b
  from wall
  union all
  select n, first_day::timestamp, (last_day + 1)::timestamp
  from store, span where not has_hours),
joined as (
  select n, a, b, a <= max(b) over (partition by n order by a, b
    rows between unbounded preceding and 1 preceding) as joins
  from open_time where b > a),
numbered as (
  select n, a, b, count(*) filter (joins is not true) over (
    partition by n order by a, b rows unbounded preceding) as i
  from joined),
shift as (select n, min(a) as a, max(b) as b from numbered group by n, i),
event as (
  select n, epoch_us(ts) * 4 + 2 + up::integer as k, null::bigint as b
  from polls join store using (store_id)
  union all
  select n, epoch_us(a) * 4, epoch_us(b) from shift),
seen as (
  select n, k, last_value(b ignore nulls) over w as b, lead(k) over w as next
  from event window w as (partition by n order by k))
select n, k, b, next,
  coalesce(next & 2 != 0 and next >> 2 <= b, false) as chained
from seen where k >> 2 <= b;

create temp macro hundredths_of_minutes(us) as
  format('{:.2f}', (coalesce(us, 0)::bigint + 300000) // 600000 / 100);
create temp macro myriads_of_hours(us) as
  format('{:.4f}', (coalesce(us, 0)::bigint + 180000) // 360000 / 10000);

copy (
  with last_step as (
    select n, k, b, last_value(case when k & 2 != 0 then k & 1 end
      ignore nulls) over (partition by n order by k) as before
    from step where not chained),
  first_poll as (
    select n, arg_min(next & 1, next) as after
    from step where k & 2 = 0 and chained group by n),
  segment as (
    -- a poll decides until the next one or the end of its shift; the time
    -- before a shift's first poll is that poll's too
    select n, k >> 2 as a, case when chained then next >> 2 else b end as b,
      case when k & 2 != 0 then k & 1 else next & 1 end as up
    from step where k & 2 != 0 or chained
    union all
    -- a shift without polls: the last evidence before, else the first after
    select n, k >> 2, b, coalesce(before, after)
    from last_step left join first_poll using (n) where k & 2 = 0),
  clipped as (
    select n, up, least(b, now) as b, greatest(a, now - 3600000000) as hour_a,
      greatest(a, now - 86400000000) as day_a,
      greatest(a, now - 604800000000) as week_a
    from segment, (select epoch_us(max(ts)) as now from polls)
    where b > now - 604800000000),
  total as (
    select n,
      sum(b - hour_a) filter (up = 1 and b > hour_a) as up_hour,
      sum(b - day_a) filter (up = 1 and b > day_a) as up_day,
      sum(b - week_a) filter (up = 1 and b > week_a) as up_week,
      sum(b - hour_a) filter (up = 0 and b > hour_a) as down_hour,
      sum(b - day_a) filter (up = 0 and b > day_a) as down_day,
      sum(b - week_a) filter (up = 0 and b > week_a) as down_week
    from clipped group by n)
  select store_id,
    hundredths_of_minutes(up_hour) as "uptime_last_hour(in minutes)",
    myriads_of_hours(up_day) as "uptime_last_day(in hours)",
    myriads_of_hours(up_week) as "uptime_last_week(in hours)",
    hundredths_of_minutes(down_hour) as "downtime_last_hour(in minutes)",
    myriads_of_hours(down_day) as "downtime_last_day(in hours)",
    myriads_of_hours(down_week) as "downtime_last_week(in hours)"
  from store left join total using (n) order by store_id
) to (getvariable('out')) (header true);
