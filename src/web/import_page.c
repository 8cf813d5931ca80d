/*
 * From the JSON that programs read to a page that is only text and forms.
 * While the import is at work the page loads itself again.  All text goes
 * through html_text(), that of our own as well.
 */
#include "web/import_page.h"

#include "codec/escape.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <string.h>

struct page {
	json_t *import;
	const char *id;
	struct buf *out;
};

/* A member's text; "" where there is none. */
static const char *
text_of(json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text != NULL ? text : "";
}

static int64_t
number_of(json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static bool
is_set(const struct page *p, const char *name)
{
	return json_is_true(json_object_get(p->import, name));
}

static bool
is_state(const struct page *p, const char *state)
{
	return strcmp(text_of(p->import, "state"), state) == 0;
}

static void
put_text(const struct page *p, const char *text)
{
	html_text(p->out, text, strlen(text));
}

static void
put_paragraph(const struct page *p, const char *text)
{
	buf_str(p->out, "<p class=\"remark\">");
	put_text(p, text);
	buf_str(p->out, "</p>\n");
}

static const char *
file_of(const struct page *p)
{
	const char *file = text_of(p->import, "file");

	return file[0] != '\0' ? file : "unnamed file";
}

/* A form of such a page needs its address sent: see www/admin/index.html. */
static void
put_head(const struct page *p, bool moving)
{
	static const char *const sheets[] = { "/style.css", "/css/forms.css",
		"/css/parts.css", "/css/admin.css" };
	size_t i;

	buf_str(p->out,
	    "<!doctype html>\n<html lang=\"en\">\n<head>\n"
	    "<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\""
	    " content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<meta name=\"referrer\" content=\"same-origin\">\n");
	if (moving)
		buf_str(p->out,
		    "<meta http-equiv=\"refresh\" content=\"1\">\n");
	for (i = 0; i < sizeof(sheets) / sizeof(sheets[0]); i++)
		buf_printf(p->out, "<link rel=\"stylesheet\" href=\"%s\">\n",
		    sheets[i]);
	buf_str(p->out,
	    "<link rel=\"icon\" href=\"/favicon.svg\""
	    " type=\"image/svg+xml\">\n<title>");
	put_text(p, file_of(p));
	buf_str(p->out, " - Store monitor</title>\n</head>\n");
}

/* What a state means, where nothing else tells it. */
static void
put_state(const struct page *p)
{
	static const char *const told[][2] = {
		{ "Checking", "The file is being checked." },
		{ "Preview", "Nothing has changed yet: look, then confirm." },
		{ "Importing", "The file is being imported." },
		{ "Imported", "The import is done." },
		{ "Cancelled",
		    "The import was cancelled; nothing has changed." },
		{ "Expired",
		    "Nobody confirmed the import in time; nothing has "
		    "changed." },
	};
	json_t *undone = json_object_get(p->import, "undone_at");
	size_t i;

	if (json_is_string(undone))
		put_paragraph(p, "The import was undone.");
	for (i = 0; i < sizeof(told) / sizeof(told[0]); i++)
		if (is_state(p, told[i][0]) && !json_is_string(undone))
			put_paragraph(p, told[i][1]);
	if (text_of(p->import, "error")[0] != '\0') {
		put_paragraph(p, text_of(p->import, "error"));
		put_paragraph(p, "Nothing has changed.");
	}
}

static void
put_progress(const struct page *p)
{
	json_t *progress = json_object_get(p->import, "progress");

	if (progress != NULL)
		buf_printf(p->out,
		    "<p class=\"remark\">%" PRId64 " of %" PRId64
		    " bytes.</p>\n",
		    number_of(progress, "done"), number_of(progress, "total"));
}

static void
put_counts(const struct page *p)
{
	static const char *const counts[][2] = {
		{ "rows", "Rows in the file" },
		{ "new", "New" },
		{ "changed", "Changed" },
		{ "same", "Same" },
		{ "bad", "Bad" },
		{ "removed", "Removed" },
	};
	size_t i;

	buf_str(p->out, "<dl class=\"counts\">\n");
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		buf_printf(p->out,
		    "<div class=\"count\"><dt>%s</dt><dd>%" PRId64
		    "</dd></div>\n",
		    counts[i][1], number_of(p->import, counts[i][0]));
	buf_str(p->out, "</dl>\n");
}

/* A list of what was found, each with how many rows or stores. */
static void
put_findings(const struct page *p, const char *heading, const char *list,
    const char *unit)
{
	json_t *found = json_object_get(json_object_get(p->import, "preview"),
	    list);
	json_t *one;
	size_t i;

	if (json_array_size(found) == 0)
		return;
	buf_printf(p->out, "<h2 class=\"remark\">%s</h2>\n", heading);
	buf_str(p->out, "<ul class=\"findings\">\n");
	json_array_foreach (found, i, one) {
		buf_printf(p->out, "<li><strong>%" PRId64 "</strong> - ",
		    number_of(one, unit));
		put_text(p, text_of(one, "message"));
		buf_str(p->out, "</li>\n");
	}
	buf_str(p->out, "</ul>\n");
}

/* A form with one button; more is what stands before it. */
static void
put_form(const struct page *p, const char *action, const char *button,
    const char *more)
{
	buf_str(p->out, "<form method=\"post\" action=\"/admin/imports/");
	put_text(p, p->id);
	buf_printf(p->out,
	    "/%s\">%s<p class=\"remark\"><button type=\"submit\">%s</button>"
	    "</p></form>\n",
	    action, more, button);
}

static void
put_decision(const struct page *p)
{
	static const char skip[] =
	    "<p class=\"remark\"><label class=\"check\">"
	    "<input type=\"checkbox\" name=\"skip_bad\" value=\"1\" required>"
	    "<span>Leave the bad rows out</span></label></p>\n";

	if (is_state(p, "Preview")) {
		if (strcmp(text_of(p->import, "dataset"), "polls") == 0)
			put_paragraph(p,
			    "An import of polls cannot be undone.");
		if (is_set(p, "can_confirm"))
			put_form(p, "confirm", "Confirm import",
			    number_of(p->import, "bad") > 0 ? skip : "");
		else {
			put_paragraph(p,
			    "The data has changed since this preview was "
			    "made.");
			put_form(p, "recheck", "Check the file again", "");
		}
		put_form(p, "cancel", "Cancel", "");
	}
	if (is_set(p, "can_undo"))
		put_form(p, "undo", "Undo this import", "");
}

static void
put_found(const struct page *p)
{
	const char *bad = text_of(p->import, "bad_rows");

	put_counts(p);
	put_findings(p, "Bad rows", "problem_groups", "rows");
	if (bad[0] != '\0') {
		buf_str(p->out, "<p class=\"remark\"><a href=\"");
		put_text(p, bad);
		buf_str(p->out, "\">The bad rows as CSV</a></p>\n");
	}
	put_findings(p, "Worth a look, but no error", "warnings", "stores");
}

static void
put_body(const struct page *p)
{
	buf_str(p->out,
	    "<body class=\"admin\">\n<header class=\"top\">"
	    "<a class=\"brand\" href=\"/\"><img src=\"/favicon.svg\" alt=\"\""
	    " width=\"28\" height=\"28\"><span>Store monitor</span></a>\n"
	    "<nav aria-label=\"Pages\"><a href=\"/admin/\">Administration</a>"
	    "</nav></header>\n<main>\n<div class=\"intro\"><h1>");
	put_text(p, file_of(p));
	buf_str(p->out, "</h1></div>\n<section class=\"import\">\n");
	put_state(p);
	put_progress(p);
	if (json_is_object(json_object_get(p->import, "result")))
		put_found(p);
	put_decision(p);
	buf_str(p->out, "</section>\n</main>\n</body>\n</html>\n");
}

enum err
import_page(const char *json, size_t len, struct buf *html)
{
	struct page page = { .out = html };
	bool is;

	page.import = json_loadb(json, len, 0, NULL);
	page.id = text_of(page.import, "import_id");
	is = page.id[0] != '\0';
	if (is) {
		put_head(&page,
		    is_state(&page, "Checking") ||
			is_state(&page, "Importing"));
		put_body(&page);
	}
	json_decref(page.import);
	return is ? buf_err(html) : ERR_INPUT;
}
