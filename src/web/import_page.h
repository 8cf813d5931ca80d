/*
 * An import as a page of its own, for browsers without JavaScript: what the
 * check has found or what has become of it, and the forms that go on from
 * there.  With JavaScript the page of www/admin/ does that, and more.
 */
#ifndef WEB_IMPORT_PAGE_H
#define WEB_IMPORT_PAGE_H

#include "base/buf.h"
#include "base/err.h"

#include <stddef.h>

/*
 * Appends the page of an import that is told as the JSON object of
 * GET /admin/imports/ID.  ERR_INPUT, not logged, if it is none.
 */
MUST_CHECK enum err import_page(const char *json, size_t len, struct buf *html);

#endif
