/* Made from the Common Basic Data Set of May 2026.  Each list is in order of
 * its codes (strcmp), which codes.c relies on and test_codes proves. */
#ifndef RECORD_CODES_DATA_H
#define RECORD_CODES_DATA_H

struct code {
    char code[5];
    const char *text;
};

/* clang-format off */
static const struct code DISABILITY[] = {
    {"AUT", "ASD/Asperger's"}, {"BEH", "Behaviour"}, {"COMM", "Communication"},
    {"CON", "Consciousness"}, {"DDA", "Palliative care needs"},
    {"EAT", "Eating & drinking"}, {"HAND", "Hand function"},
    {"HEAR", "Hearing"}, {"INC", "Incontinence"}, {"LD", "Learning"},
    {"MED", "Medication"}, {"MOB", "Mobility"},
    {"NCOL", "Not collected (the default value)"}, {"NONE", "No disability"},
    {"OTH", "Other Disability"}, {"PC", "Personal care"}, {"VIS", "Vision"},
};

static const struct code ENROL_STATUS[] = {
    {"C", "Current (single registration at this school)"}, {"F", "FE College"},
    {"G",
        "Guest (pupil not registered at this school but attending some "
        "lessons or sessions)"},
    {"M", "Current Main (dual registration)"}, {"O", "Other Provider"},
    {"P", "Previous"}, {"S", "Current Subsidiary (dual registration)"},
};

static const struct code ETHNICITY[] = {
    {"AAFR", ""}, {"ABAN", "Bangladeshi"}, {"ABRI", "Asian - British"},
    {"AIND", "Indian"}, {"AKAO", ""}, {"AKPA", ""}, {"AMPK", ""}, {"ANEP", ""},
    {"AOPK", ""}, {"AOTA", ""}, {"AOTH", "Any Other Asian Background"},
    {"APKN", "Pakistani"}, {"ASLT", ""}, {"ASNL", ""}, {"ASRO", ""},
    {"AWEL", "Asian - Welsh"}, {"BAFR", "Black - African"}, {"BANN", ""},
    {"BAOF", ""}, {"BBRI", "Black - British"}, {"BCON", ""},
    {"BCRB", "Black Caribbean"}, {"BEUR", ""}, {"BGHA", ""}, {"BNAM", ""},
    {"BNGN", ""}, {"BOTB", ""}, {"BOTH", "Any Other Black Background"},
    {"BSLN", ""}, {"BSOM", ""}, {"BSUD", ""}, {"BWEL", "Black - Welsh"},
    {"CHKC", ""}, {"CHNE", "Chinese"}, {"CMAL", ""}, {"COCH", ""}, {"CSNG", ""},
    {"CTWN", ""}, {"MABL", ""}, {"MACH", ""}, {"MAOE", ""}, {"MBCH", ""},
    {"MBOE", ""}, {"MCOE", ""}, {"MOTH", "Any Other Mixed Background"},
    {"MOTM", ""}, {"MWAI", ""}, {"MWAO", ""}, {"MWAP", ""},
    {"MWAS", "White and Asian"}, {"MWBA", "White and Black African"},
    {"MWBC", "White and Black Caribbean"}, {"MWCH", ""}, {"MWOE", ""},
    {"NOBT", "Information Not Yet Obtained"}, {"OAFG", ""}, {"OARA", ""},
    {"OEGY", ""}, {"OFIL", ""}, {"OIRN", ""}, {"OIRQ", ""}, {"OJPN", ""},
    {"OKOR", ""}, {"OKRD", ""}, {"OLAM", ""}, {"OLEB", ""}, {"OLIB", ""},
    {"OMAL", ""}, {"OMRC", ""}, {"OOEG", ""},
    {"OOTH", "Any Other Ethnic Group"}, {"OPOL", ""}, {"OTHA", ""},
    {"OVIE", ""}, {"OYEM", ""}, {"REFU", "Refused"}, {"WALB", ""}, {"WBOS", ""},
    {"WBRI", "White - British"}, {"WCOR", ""}, {"WCRO", ""}, {"WEEU", ""},
    {"WENG", ""}, {"WEUR", ""}, {"WGRC", ""}, {"WGRE", ""}, {"WGRK", ""},
    {"WIRI", "White - Irish"}, {"WIRT", "White - Irish Traveller"},
    {"WITA", ""}, {"WKOS", ""}, {"WNIR", ""},
    {"WOTH", "Any Other White Background"}, {"WOTW", ""}, {"WOWB", ""},
    {"WPOR", ""}, {"WROG", ""}, {"WROM", "Gypsy / Roma"}, {"WROO", ""},
    {"WROR", ""}, {"WSCO", ""}, {"WSER", ""}, {"WTUC", ""}, {"WTUK", ""},
    {"WTUR", ""}, {"WWEL", ""}, {"WWEU", ""},
};

static const struct code LANGUAGE[] = {
    {"ACL", "Acholi"}, {"ADA", "Adangme"}, {"AFA", "Afar-Saho"},
    {"AFK", "Afrikaans"}, {"AKA", "Akan/Twi-Fante"}, {"ALB", "Albanian/Shqip"},
    {"ALU", "Alur"}, {"AMR", "Amharic"}, {"ARA", "Arabic"}, {"ARM", "Armenian"},
    {"ASM", "Assamese"}, {"ASR", "Assyrian/Aramaic"}, {"AYB", "Anyi-Baule"},
    {"AYM", "Aymara"}, {"AZE", "Azeri"}, {"BAI", "Bamileke (Any)"},
    {"BAL", "Balochi"}, {"BEJ", "Beja/Bedawi"}, {"BEL", "Belarusian"},
    {"BEM", "Bemba"}, {"BHO", "Bhojpuri"}, {"BIK", "Bikol"},
    {"BLT", "Balti Tibetan"}, {"BMA", "Burmese/Myanma"}, {"BNG", "Bengali"},
    {"BSL", "British Sign Language"}, {"BSQ", "Basque/Euskara"},
    {"BUL", "Bulgarian"}, {"CAM", "Cambodian/Khmer"}, {"CAT", "Catalan"},
    {"CCE", "Caribbean Creole English"}, {"CCF", "Caribbean Creole French"},
    {"CGA", "Chaga"}, {"CGR", "Chattisgarhi/Khatahi"}, {"CHE", "Chechen"},
    {"CHI", "Chinese"}, {"CKW", "Chokwe"}, {"CRN", "Cornish"},
    {"CTR", "Chitrali/Khowar"}, {"CWA", "Chichewa/Nyanja"},
    {"CYM", "Welsh/Cymraeg"}, {"CZE", "Czech"}, {"DAN", "Danish"},
    {"DGA", "Dagaare"}, {"DGB", "Dagbane"}, {"DIN", "Dinka/Jieng"},
    {"DUT", "Dutch/Flemish"}, {"DZO", "Dzongkha/Bhutanese"}, {"EBI", "Ebira"},
    {"EDO", "Edo/Bini"}, {"EFI", "Efik-Ibibio"},
    {"ENB", "Believed to be English"}, {"ENG", "English"},
    {"ESA", "Esan/Ishan"}, {"EST", "Estonian"}, {"EWE", "Ewe"},
    {"EWO", "Ewondo"}, {"FAN", "Fang"}, {"FIJ", "Fijian"}, {"FIN", "Finnish"},
    {"FON", "Fon"}, {"FRN", "French"}, {"FUL", "Fula/Fulfulde-Pulaar"},
    {"GAA", "Ga"}, {"GAE", "Gaelic/Irish"}, {"GAL", "Gaelic (Scotland)"},
    {"GEO", "Georgian"}, {"GER", "German"}, {"GGO", "Gogo/Chigogo"},
    {"GKY", "Kikuyu/Gikuyu"}, {"GLG", "Galician/Galego"}, {"GRE", "Greek"},
    {"GRN", "Guarani"}, {"GUJ", "Gujarati"}, {"GUN", "Gurenne/Frafra"},
    {"GUR", "Gurma"}, {"HAU", "Hausa"}, {"HDK", "Hindko"}, {"HEB", "Hebrew"},
    {"HER", "Herero"}, {"HGR", "Hungarian"}, {"HIN", "Hindi"}, {"IBA", "Iban"},
    {"IDM", "Idoma"}, {"IGA", "Igala"}, {"IGB", "Igbo"}, {"IJO", "Ijo (Any)"},
    {"ILO", "Ilokano"}, {"ISK", "Itsekiri"}, {"ISL", "Icelandic"},
    {"ITA", "Italian"}, {"JAV", "Javanese"}, {"JIN", "Jinghpaw/Kachin"},
    {"JPN", "Japanese"}, {"KAM", "Kikamba"}, {"KAN", "Kannada"},
    {"KAR", "Karen (Any)"}, {"KAS", "Kashmiri"}, {"KAU", "Kanuri"},
    {"KAZ", "Kazakh"}, {"KCH", "Katchi"}, {"KGZ", "Kirghiz/Kyrgyz"},
    {"KHA", "Khasi"}, {"KHY", "Kihaya/Luziba"}, {"KIN", "Kinyarwanda"},
    {"KIR", "Kirundi"}, {"KIS", "Kisi (West Africa)"}, {"KLN", "Kalenjin"},
    {"KMB", "Kimbundu"}, {"KME", "Kimeru"}, {"KNK", "Konkani"},
    {"KNY", "Kinyakyusa-Ngonde"}, {"KON", "Kikongo"}, {"KOR", "Korean"},
    {"KPE", "Kpelle"}, {"KRI", "Krio"}, {"KRU", "Kru (Any)"},
    {"KSI", "Kisii/Ekegusii (Kenya)"}, {"KSU", "Kisukuma"}, {"KUR", "Kurdish"},
    {"LAO", "Lao"}, {"LBA", "Luba"}, {"LGA", "Luganda"}, {"LGB", "Lugbara"},
    {"LGS", "Lugisu/Lumasaba"}, {"LIN", "Lingala"}, {"LIT", "Lithuanian"},
    {"LNG", "Lango (Uganda)"}, {"LOZ", "Lozi/Silozi"}, {"LSO", "Lusoga"},
    {"LTV", "Latvian"}, {"LTZ", "Luxemburgish"}, {"LUE", "Luvale/Luena"},
    {"LUN", "Lunda"}, {"LUO", "Luo (Kenya/Tanzania)"}, {"LUY", "Luhya (Any)"},
    {"MAG", "Magahi"}, {"MAI", "Maithili"}, {"MAK", "Makua"},
    {"MAN", "Manding/Malinke"}, {"MAO", "Maori"}, {"MAR", "Marathi"},
    {"MAS", "Maasai"}, {"MDV", "Maldivian/Dhivehi"}, {"MEN", "Mende"},
    {"MKD", "Macedonian"}, {"MLG", "Malagasy"}, {"MLM", "Malayalam"},
    {"MLT", "Maltese"}, {"MLY", "Malay/Indonesian"},
    {"MNA", "Magindanao-Maranao"}, {"MNG", "Mongolian (Khalkha)"},
    {"MNX", "Manx Gaelic"}, {"MOR", "Moore/Mossi"},
    {"MSC", "Mauritian/Seychelles Creole"}, {"MUN", "Munda (Any)"},
    {"MYA", "Maya (Any)"}, {"NAH", "Nahuatl/Mexicano"}, {"NAM", "Nama/Damara"},
    {"NBN", "Nubian (Any)"}, {"NDB", "Ndebele"}, {"NEP", "Nepali"},
    {"NOR", "Norwegian"}, {"NOT", "Information not obtained"},
    {"NUE", "Nuer/Naadh"}, {"NUP", "Nupe"}, {"NWA", "Newari"}, {"NZM", "Nzema"},
    {"OAM", "Ambo/Oshiwambo"}, {"OGN", "Ogoni (Any)"}, {"ORI", "Oriya"},
    {"ORM", "Oromo"}, {"OTB", "Believed to be Other than English"},
    {"OTH", "Other than English"}, {"OTL", "Other Language"},
    {"PAG", "Pangasinan"}, {"PAM", "Pampangan"}, {"PAT", "Pashto/Pakhto"},
    {"PHA", "Pahari/Himachali (India)"}, {"PHR", "Pahari (Pakistan)"},
    {"PNJ", "Panjabi"}, {"POL", "Polish"}, {"POR", "Portuguese"},
    {"PRS", "Persian/Farsi"}, {"QUE", "Quechua"}, {"RAJ", "Rajasthani/Marwari"},
    {"REF", "Refused"}, {"RME", "Romany/English Romanes"},
    {"RMI", "Romani (International)"}, {"RMN", "Romanian"}, {"RMS", "Romansch"},
    {"RNY", "Runyakitara"}, {"RUS", "Russian"}, {"SAM", "Samoan"},
    {"SCB", "Serbian/Croatian/Bosnian"}, {"SCO", "Scots"},
    {"SHL", "Shilluk/Cholo"}, {"SHO", "Shona"}, {"SID", "Sidamo"},
    {"SIO", "Sign Language (Other)"}, {"SLO", "Slovak"}, {"SLV", "Slovenian"},
    {"SND", "Sindhi"}, {"SNG", "Sango"}, {"SNH", "Sinhala"}, {"SOM", "Somali"},
    {"SPA", "Spanish"}, {"SRD", "Sardinian"}, {"SRK", "Siraiki"},
    {"SSO", "Sotho/Sesotho"}, {"SSW", "Swazi/Siswati"},
    {"STS", "Tswana/Setswana"}, {"SUN", "Sundanese"},
    {"SWA", "Swahili/Kiswahili"}, {"SWE", "Swedish"}, {"TAM", "Tamil"},
    {"TEL", "Telugu"}, {"TEM", "Temne"}, {"TES", "Teso/Ateso"},
    {"TGE", "Tigre"}, {"TGL", "Tagalog/Filipino"}, {"TGR", "Tigrinya"},
    {"THA", "Thai"}, {"TIB", "Tibetan"}, {"TIV", "Tiv"},
    {"TMZ", "Berber/Tamazight"}, {"TNG", "Tonga/Chitonga (Zambia)"},
    {"TON", "Tongan (Oceania)"}, {"TPI", "Tok Pisin"},
    {"TRI", "Traveller Irish/Shelta"}, {"TSO", "Tsonga"}, {"TUK", "Turkmen"},
    {"TUL", "Tulu"}, {"TUM", "Tumbuka"}, {"TUR", "Turkish"},
    {"UKR", "Ukrainian"}, {"UMB", "Umbundu"}, {"URD", "Urdu"},
    {"URH", "Urhobo-Isoko"}, {"UYG", "Uyghur"}, {"UZB", "Uzbek"},
    {"VEN", "Venda"}, {"VIE", "Vietnamese"}, {"VSY", "Visayan/Bisaya"},
    {"WAP", "Wa-Paraok (South-East Asia)"},
    {"WCP", "West-African Creole Portuguese"}, {"WOL", "Wolof"},
    {"WPE", "West-African Pidgin English"}, {"XHO", "Xhosa"},
    {"YAO", "Yao/Chiyao (East Africa)"}, {"YDI", "Yiddish"}, {"YOR", "Yoruba"},
    {"ZND", "Zande"}, {"ZUL", "Zulu"}, {"ZZZ", "Classification Pending"},
};

static const struct code RELATIONSHIP[] = {
    {"CAR", "Carer"}, {"CHM", "Childminder"}, {"DOC", "Doctor"},
    {"FAM", "Other family member"}, {"FOF", "Foster Father"},
    {"FOM", "Foster Mother"}, {"HTC", "Head Teacher"}, {"OTH", "Other Contact"},
    {"PAF", "Father"}, {"PAM", "Mother"}, {"REL", "Other Relative"},
    {"RLG", "Religious/Spiritual Contact"}, {"STF", "Step Father"},
    {"STM", "Step Mother"}, {"SWR", "Social Worker"}, {"TCH", "Teacher"},
};

static const struct code RESULT_STATUS[] = {
    {"E", "Estimate"}, {"I", "Interim"},
    {"P", "Provisional (subject to regrading/appeal)"}, {"R", "Result"},
    {"T", "Target"},
};

static const struct code SEN_PROVISION[] = {
    {"E", "Education, health and care plan"}, {"K", "SEN support"},
    {"N", "No special educational need"},
};

static const struct code SEN_PROVISION_OLD[] = {
    {"A", "School Action"}, {"P", "School Action Plus"},
    {"Q", "Being assessed"}, {"S", "Statement"},
};

static const struct code SEN_TYPE[] = {
    {"ASD", "Autistic Spectrum Disorder"}, {"DS", "Down Syndrome"},
    {"HI", "Hearing Impairment"}, {"MLD", "Moderate Learning Difficulty"},
    {"MSI", "Multi-Sensory Impairment"},
    {"NSA", "SEN support but no specialist assessment of type of need"},
    {"OTH", "Other Difficulty/Disability"}, {"PD", "Physical Disability"},
    {"PMLD", "Profound & Multiple Learning Difficulty"},
    {"SEMH", "Social, Emotional and Mental Health"},
    {"SLCN", "Speech, Language and Communication Needs"},
    {"SLD", "Severe Learning Difficulty"},
    {"SPLD", "Specific Learning Difficulty"}, {"VI", "Vision Impairment"},
};

static const struct code SERVICE_CHILD[] = {
    {"N", "No"}, {"R", "Refused"}, {"U", "Unknown"}, {"Y", "Yes"},
};

static const struct code SEX[] = {
    {"F", "Female"}, {"M", "Male"}, {"U", "Unknown"},
};

static const struct code TELEPHONE_TYPE[] = {
    {"A", "Alternate Home"}, {"D", "Minicom (hearing impaired/disabled)"},
    {"F", "Fax"}, {"H", "Home"}, {"M", "Mobile"}, {"W", "Work"},
};

/* clang-format on */

#endif
