/*
 * A sentence for each figure of a timeline: a value in words, and how it came
 * about.  Both are written from the same values as the figures themselves.
 */
#ifndef WORK_TIMELINE_EXPLAIN_H
#define WORK_TIMELINE_EXPLAIN_H

#include "work/timeline_words.h"

/*
 * Each writes a value or a sentence; a sentence that is left empty is one that
 * there is no need of.  window is of which time it speaks, where it may be of
 * several.
 */
void timeline_status_value(struct words *w, enum window window);
void timeline_status_text(struct words *w, enum window window);
void timeline_window_value(struct words *w, enum window window);
void timeline_window_text(struct words *w, enum window window);

void timeline_availability_value(struct words *w, enum window window);
void timeline_availability_text(struct words *w, enum window window);
void timeline_bounds_value(struct words *w, enum window window);
void timeline_bounds_text(struct words *w, enum window window);
void timeline_coverage_value(struct words *w, enum window window);
void timeline_coverage_text(struct words *w, enum window window);
void timeline_outages_value(struct words *w, enum window window);
void timeline_outages_text(struct words *w, enum window window);
void timeline_polls_value(struct words *w, enum window window);
void timeline_polls_text(struct words *w, enum window window);

void timeline_hours_value(struct words *w, enum window window);
void timeline_hours_text(struct words *w, enum window window);
void timeline_zone_value(struct words *w, enum window window);
void timeline_zone_text(struct words *w, enum window window);
void timeline_clock_value(struct words *w, enum window window);
void timeline_clock_text(struct words *w, enum window window);
void timeline_rules_value(struct words *w, enum window window);
void timeline_rules_text(struct words *w, enum window window);

#endif
