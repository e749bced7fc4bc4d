#include "outreach/languages.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* ISO 639-1 beside the code of the Common Basic Data Set, where the second does
 * not simply begin with the first. */
static const struct {
    const char *iso;
    const char *cbds;
} CODES[] = {{"am", "AMR"}, {"ar", "ARA"}, {"bg", "BUL"}, {"bn", "BNG"},
    {"cs", "CZE"}, {"de", "GER"}, {"el", "GRE"}, {"en", "ENG"}, {"es", "SPA"},
    {"fa", "PRS"}, {"fr", "FRN"}, {"gu", "GUJ"}, {"hi", "HIN"}, {"hu", "HGR"},
    {"it", "ITA"}, {"ku", "KUR"}, {"lt", "LIT"}, {"lv", "LTV"}, {"ml", "MLM"},
    {"ne", "NEP"}, {"nl", "DUT"}, {"pa", "PNJ"}, {"pl", "POL"}, {"ps", "PAT"},
    {"pt", "POR"}, {"ro", "RMN"}, {"ru", "RUS"}, {"sk", "SLO"}, {"so", "SOM"},
    {"sq", "ALB"}, {"sw", "SWA"}, {"ta", "TAM"}, {"te", "TEL"}, {"ti", "TGR"},
    {"tl", "TGL"}, {"tr", "TUR"}, {"uk", "UKR"}, {"ur", "URD"}, {"vi", "VIE"},
    {"yo", "YOR"}, {"zh", "CHI"}};

const char *languages_code(char out[8], const char *text)
{
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++)
        if (strcasecmp(CODES[i].iso, text) == 0) {
            snprintf(out, 8, "%s", CODES[i].cbds);
            return out;
        }
    snprintf(out, 8, "%.7s", text);
    for (char *c = out; *c != '\0'; c++)
        *c = (char)toupper((unsigned char)*c);
    return out;
}

bool languages_speaks(const char *list, const char *language)
{
    while (language[0] != '\0' && *list != '\0') {
        const size_t len = strcspn(list, ", ");
        char word[8];
        char code[8];

        snprintf(word, sizeof word, "%.*s", (int)(len < 8 ? len : 7), list);
        if (len > 0 && strcmp(languages_code(code, word), language) == 0)
            return true;
        list += len;
        list += strspn(list, ", ");
    }
    return false;
}
