/* An import as a page: what it says, what it offers, and what it escapes. */
#include "web/import_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../lib/check.h"

#define ID "01234567-89ab-4def-8123-456789abcdef"
#define HEAD "{\"import_id\":\"" ID "\",\"file\":\"a.csv\",\"state\":"
#define FORM(deed) "action=\"/admin/imports/" ID "/" deed "\""
#define RESULT ",\"result\":{},\"rows\":9,\"new\":7,\"bad\":2"
#define PAGE_MAX ((size_t)64 * 1024)

/* Several texts, each ended by NUL. */
static const struct {
	const char *name;
	const char *json;
	const char *has;
	const char *lacks;
} pages[] = {
	{ "at work", HEAD "\"Checking\",\"progress\":{\"done\":3,\"total\":9}}",
	    "http-equiv=\"refresh\"\0"
	    "being checked\0"
	    "3 of 9 bytes\0",
	    "<form\0"
	    "<dl\0" },
	{ "at work on the import", HEAD "\"Importing\"}",
	    "http-equiv=\"refresh\"\0"
	    "being imported\0",
	    "<form\0" },
	{ "to be confirmed", HEAD "\"Preview\",\"can_confirm\":true" RESULT "}",
	    FORM("confirm") "\0" FORM(
		"cancel") "\0"
			  "name=\"skip_bad\" value=\"1\" required\0"
			  "<dt>New</dt><dd>7</dd>\0"
			  "<dt>Same</dt><dd>0</dd>\0",
	    "http-equiv\0"
	    "cannot be undone\0" FORM("recheck") "\0" FORM("undo") "\0" },
	{ "without a bad row",
	    HEAD "\"Preview\",\"can_confirm\":true,\"bad\":0,\"result\":{}}",
	    FORM("confirm") "\0", "skip_bad\0" },
	{ "polls", HEAD "\"Preview\",\"dataset\":\"polls\"}",
	    "cannot be undone\0", "\0" },
	{ "out of date", HEAD "\"Preview\",\"can_confirm\":false}",
	    FORM("recheck") "\0" FORM("cancel") "\0"
						"has changed since\0",
	    FORM("confirm") "\0" },
	{ "imported", HEAD "\"Imported\",\"can_undo\":true" RESULT "}",
	    FORM("undo") "\0"
			 "is done\0",
	    FORM("cancel") "\0"
			   "was undone\0" },
	{ "undone",
	    HEAD "\"Imported\",\"can_undo\":false,\"undone_at\":\"2023\"}",
	    "was undone\0",
	    "is done\0"
	    "<form\0" },
	{ "refused", HEAD "\"Rejected\",\"error\":\"It is <b>.\"}",
	    "It is &lt;b&gt;.\0"
	    "Nothing has changed.\0",
	    "<form\0"
	    "<b>\0" },
	{ "cancelled", HEAD "\"Cancelled\"}", "was cancelled\0", "<form\0" },
	{ "expired", HEAD "\"Expired\"}", "Nobody confirmed\0", "<form\0" },
	{ "what was found",
	    HEAD "\"Preview\",\"bad_rows\":\"/x\\\"y\"" RESULT
		 ",\"preview\":{\"problem_groups\":[{\"rows\":2,"
		 "\"message\":\"No & no.\"}],\"warnings\":[{\"stores\":5,"
		 "\"message\":\"Odd.\"}]}}",
	    "<strong>2</strong> - No &amp; no.\0"
	    "<strong>5</strong> - Odd.\0"
	    "href=\"/x&quot;y\"\0",
	    "\0" },
	{ "markup and no name",
	    "{\"import_id\":\"<i>\",\"file\":\"<u>\\\"&\",\"state\":\"?\"}",
	    "<h1>&lt;u&gt;&quot;&amp;</h1>\0",
	    "<u>\0"
	    "<i>\0" },
	{ "no name", "{\"import_id\":\"1\",\"file\":null}",
	    "<h1>unnamed file</h1>\0", "\0" },
};

static void
test_pages(void **state)
{
	struct buf html;
	const char *text;
	size_t i;

	(void)state;
	buf_init(&html, PAGE_MAX);
	for (i = 0; i < COUNT(pages); i++) {
		buf_reset(&html);
		check_number(pages[i].name,
		    import_page(pages[i].json, strlen(pages[i].json), &html),
		    ERR_NONE);
		for (text = pages[i].has; *text != '\0';
		     text += strlen(text) + 1)
			if (strstr(buf_text(&html), text) == NULL)
				fail_msg("%s: no %s in\n%s", pages[i].name,
				    text, buf_text(&html));
		for (text = pages[i].lacks; *text != '\0';
		     text += strlen(text) + 1)
			if (strstr(buf_text(&html), text) != NULL)
				fail_msg("%s: %s in\n%s", pages[i].name, text,
				    buf_text(&html));
	}
	buf_release(&html);
}

static void
test_not_one(void **state)
{
	static const char *const texts[] = { "", "{", "[]", "{}", "1",
		"{\"import_id\":7}" };
	struct buf html;
	size_t i;

	(void)state;
	buf_init(&html, PAGE_MAX);
	for (i = 0; i < COUNT(texts); i++)
		check_number(texts[i],
		    import_page(texts[i], strlen(texts[i]), &html), ERR_INPUT);
	assert_int_equal(html.len, 0);
	buf_release(&html);
	/* A page that does not fit is told. */
	buf_init(&html, 100);
	assert_int_equal(import_page("{\"import_id\":\"1\"}", 17, &html),
	    ERR_TOO_LARGE);
	buf_release(&html);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_not_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
