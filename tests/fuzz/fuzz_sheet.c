/* Any bytes as a sheet that somebody filled in: a refusal has a reason, and
 * what is taken are rows of clean length, each of a line of the sheet. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "cli/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool held)
{
    if (!held)
        abort();
}

static void look(const json_t *rows, size_t lines)
{
    json_int_t last = 1;
    size_t i;
    json_t *row;

    json_array_foreach(rows, i, row)
    {
        const json_int_t line =
            json_integer_value(json_object_get(row, "line"));

        must(line > last && (size_t)line <= lines);
        last = line;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct sheet_column columns[] = {
        {"upn", true}, {"phone", false}, {"school", false}};
    const struct bytes text = {data, size};
    struct err err = {.text = ""};
    size_t lines = 1;
    json_t *list = NULL;

    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    if (sheet_rows(&list, text, columns, 3, &err) == 0)
        look(list, lines);
    else
        must(err.text[0] != '\0' && list == NULL);
    json_decref(list);
    list = NULL;
    err.text[0] = '\0';
    must((sheet_marks(&list, text, &err) == 0) == (list != NULL));
    must(list != NULL || err.text[0] != '\0');
    json_decref(list);
    return 0;
}
