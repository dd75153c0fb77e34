//! Invented names of companies and persons in Chinese, German and English.

use super::customers::Language;
use super::random::Random;

const STEM_FIRST: &[&str] = &[
    "岚", "澜", "屿", "砚", "霁", "沐", "栎", "泓", "珩", "岑", "溪", "峤", "榆", "芮", "浔", "昀",
    "翎", "湛", "蔚", "弈",
];
const STEM_SECOND: &[&str] = &[
    "川", "衡", "石", "帆", "桥", "原", "舟", "松", "野", "峰", "田", "光", "岸", "谷", "林", "桐",
];
const TRADES: &[&str] = &[
    "精密仪器",
    "光电科技",
    "自动化",
    "机械设备",
    "医疗器械",
    "传感技术",
    "检测技术",
    "半导体设备",
    "新能源",
    "实验设备",
];

const GERMAN_FIRST: &[&str] = &[
    "Birken", "Falken", "Silber", "Tannen", "Linden", "Stein", "Wasser", "Morgen", "Hirsch",
    "Ahorn", "Kiesel", "Nebel", "Sonnen", "Winter",
];
const GERMAN_SECOND: &[&str] =
    &["bach", "feld", "hain", "grund", "tal", "ufer", "rain", "horst", "kamp", "stieg"];
const GERMAN_TRADES: &[&str] =
    &["Messtechnik", "Optik", "Sensorik", "Maschinenbau", "Medizintechnik", "Prüftechnik"];

const ENGLISH_FIRST: &[&str] = &[
    "Amber",
    "Copper",
    "Granite",
    "Willow",
    "Kestrel",
    "Saltwater",
    "Juniper",
    "Monsoon",
    "Quartz",
    "Banyan",
    "Pelican",
    "Tamarind",
    "Wattle",
    "Frangipani",
];
const ENGLISH_SECOND: &[&str] =
    &["Bay", "Ridge", "Point", "Hollow", "Creek", "Gate", "Field", "Reef", "Grove", "Bridge"];
const ENGLISH_TRADES: &[&str] =
    &["Instruments", "Precision", "Laboratories", "Engineering", "Devices"];

const CHINESE_FAMILY: &[&str] = &[
    "丁", "方", "石", "叶", "卢", "汪", "范", "金", "姜", "戴", "魏", "薛", "阎", "余", "潘", "杜",
    "苏", "吕", "蒋", "贾",
];
const CHINESE_GIVEN: &[&str] = &[
    "晓明", "雅琴", "建国", "思远", "雨欣", "子涵", "志强", "丽华", "文博", "静怡", "海涛", "若曦",
    "俊杰", "婉婷", "明轩", "秋月",
];
const GERMAN_FAMILY: &[&str] = &[
    "Albrecht", "Brandt", "Dietrich", "Engel", "Fuchs", "Gruber", "Hartmann", "Jäger", "Krüger",
    "Lorenz", "Moser", "Pfeiffer",
];
const GERMAN_GIVEN: &[&str] =
    &["Claudia", "Florian", "Greta", "Jonas", "Lena", "Matthias", "Nina", "Paul", "Ruth", "Stefan"];
const ENGLISH_FAMILY: &[&str] =
    &["Chua", "Harper", "Iyer", "Kaur", "Mitchell", "Osman", "Quinn", "Reid", "Teo", "Walsh"];
const ENGLISH_GIVEN: &[&str] = &[
    "Aisha", "Benjamin", "Chloe", "Daniel", "Farah", "Grace", "Hassan", "Isla", "Mei Ling", "Ravi",
];

/// The name of a company in a city.
pub(super) fn company(language: Language, city: &str, random: &mut Random) -> String {
    match language {
        Language::Chinese => format!(
            "{city}{}{}{}有限公司",
            random.choose(STEM_FIRST),
            random.choose(STEM_SECOND),
            random.choose(TRADES)
        ),
        Language::German => format!(
            "{}{} {} {}",
            random.choose(GERMAN_FIRST),
            random.choose(GERMAN_SECOND),
            random.choose(GERMAN_TRADES),
            random.choose(&["GmbH", "AG", "KG"])
        ),
        Language::English => format!(
            "{} {} {} {}",
            random.choose(ENGLISH_FIRST),
            random.choose(ENGLISH_SECOND),
            random.choose(ENGLISH_TRADES),
            random.choose(&["Pte. Ltd.", "Pty. Ltd.", "Ltd."])
        ),
    }
}

/// Family name and given name.
pub(super) fn person(language: Language, random: &mut Random) -> (&'static str, &'static str) {
    let (family, given) = match language {
        Language::Chinese => (CHINESE_FAMILY, CHINESE_GIVEN),
        Language::German => (GERMAN_FAMILY, GERMAN_GIVEN),
        Language::English => (ENGLISH_FAMILY, ENGLISH_GIVEN),
    };
    (random.choose(family), random.choose(given))
}

/// A job title.
pub(super) fn title(language: Language, random: &mut Random) -> &'static str {
    random.choose(match language {
        Language::Chinese => &["采购经理", "设备主管", "总工程师", "实验室主任", "财务经理"],
        Language::German => &[
            "Einkaufsleitung",
            "Technische Leitung",
            "Laborleitung",
            "Geschäftsführung",
            "Instandhaltung",
        ],
        Language::English => &[
            "Head of Purchasing",
            "Plant Manager",
            "Laboratory Manager",
            "Chief Engineer",
            "Finance Manager",
        ],
    })
}
