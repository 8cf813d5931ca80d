#!/bin/sh
# Turn sql/NAME/NUMBER_*.sql files into one C table of strings, sorted by
# name and number:
#
#	embed.sh FILE... > schema.c
set -eu
echo '/* Made from sql/ by tools/embed.sh. */'
echo '#include "store/schema.h"'
echo 'const struct schema_step schema_steps[] = {'
for f in "$@"; do
	set_name=$(basename "$(dirname "$f")")
	number=$(basename "$f" | sed 's/^0*\([0-9][0-9]*\).*/\1/')
	printf '{"%s", %s,\n' "$set_name" "$number"
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$/\\n"/' "$f"
	echo '},'
done
echo '{0, 0, 0},'
echo '};'
