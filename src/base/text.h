/* What text from outside must look like. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#define STORE_ID_MAX 64   /* bytes of the longest store id */
#define JOB_ID_LEN 36     /* characters of a report or import id */
#define REQUEST_ID_LEN 32 /* hexadecimal digits of a request's id */

/*
 * True if the len bytes are valid UTF-8 (RFC 3629: no overlong forms, no
 * surrogates, nothing above U+10FFFF) without control characters: C0, DEL
 * and C1.
 */
bool text_is_clean(const char *s, size_t len);

/*
 * True if the len bytes are a store id: 1 to STORE_ID_MAX bytes of clean
 * text, without the characters that turn the direction of writing (U+200E,
 * U+200F, U+202A-202E, U+2066-2069), not starting with = + - or @, which a
 * spreadsheet would run as a formula.
 */
bool text_is_store_id(const char *s, size_t len);

/* True if s is a lower-case UUID as the program makes them, and no more. */
bool text_is_job_id(const char *s);

/* True if the two texts are equal but for the case of ASCII letters. */
bool text_same_word(const char *s, size_t len, const char *word);

/* Moves *s and *len past blanks (space and tab) at both ends. */
void text_trim(const char **s, size_t *len);

/*
 * Copies text of unknown origin for a log line or a terminal: bytes that are
 * not printable ASCII, and the backslash, become \xHH.  Cuts at size - 1
 * bytes and always ends with NUL.  Returns out.
 */
char *text_for_log(const char *s, size_t len, char *out, size_t size);

#endif
