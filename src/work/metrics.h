/* What is measured, in the text format that Prometheus reads. */
#ifndef WORK_METRICS_H
#define WORK_METRICS_H

#include "base/buf.h"
#include "sys/settings.h"
#include "work/vitals.h"

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

/*
 * Appends everything that is known: of data or jobs that could not be read,
 * nothing is told but that.  Each label has a fixed row of values; those that
 * count nothing are told as 0, so that no series begins in the middle.
 */
void metrics_text(const struct vitals *v, const struct settings *settings,
    struct buf *out);

#endif
