#include "outreach/deadline.h"

struct date deadline_before(struct date entry, struct date today)
{
    struct date start = entry;

    if (!date_is_set(start)) {
        start = (struct date){today.year, 9, 2};
        if (date_compare(start, today) < 0)
            start.year++;
    }
    return date_from_day_number(date_day_number(start) - 1);
}
