//! The persons and records that the demo, the documentation and the tests speak about, by name and id.
//!
//! Every value is the same for every seed. The generated `README.md` of the sample tells the story.

/// The instant that all dates of the sample are relative to.
pub const NOW: &str = "2026-01-15T02:00:00Z";

/// Sales representative in Shenzhen, without export; user name.
pub const LI_WEI: &str = "li.wei@lanhai.example";
/// Manager of South China, allowed to export until [`EXPORT_END`]; user name.
pub const WANG_FANG: &str = "wang.fang@lanhai.example";
/// Representative in South China who owns one opportunity at an account of Li Wei; user name.
pub const CHEN_JIE: &str = "chen.jie@lanhai.example";
/// Manager of East China and member of the key account board; user name.
pub const XU_LEI: &str = "xu.lei@lanhai.example";
/// Sales representative in Munich; user name.
pub const ANNA_BAUER: &str = "anna.bauer@lanhai.example";
/// Sales representative in Munich who works in the territory Bavaria; user name.
pub const DIETER_HUBER: &str = "dieter.huber@lanhai.example";
/// Head of finance, approves contracts in an activated session only; user name.
pub const GAO_YUAN: &str = "gao.yuan@lanhai.example";
/// Accountant; user name.
pub const MA_LI: &str = "ma.li@lanhai.example";
/// Service engineer, bound to office networks and working hours; user name.
pub const SUN_HAO: &str = "sun.hao@lanhai.example";
/// Auditor, reads everything; user name.
pub const FAN_WEN: &str = "fan.wen@lanhai.example";
/// Administrator; user name.
pub const SHI_YU: &str = "shi.yu@lanhai.example";
/// Former employee, switched off, still owner of customers; user name.
pub const HE_LIN: &str = "he.lin@lanhai.example";
/// Integration user of the ERP system; user name.
pub const ERP_SYNC: &str = "erp.sync@lanhai.example";
/// Employee of a customer, logs in to the portal; user name.
pub const LIU_YAN: &str = "liu.yan@portal.lanhai.example";
/// Visitor of the support site without a login; user name.
pub const GUEST: &str = "support.guest@lanhai.example";

/// Customer of Li Wei in Shenzhen; account id.
pub const SHENZHEN_ACCOUNT: &str = "0015g000000CaRhAAK";
/// Customer of Anna Bauer in Munich; account id.
pub const MUNICH_ACCOUNT: &str = "0015g000000CaSIAA0";
/// Strategic customer in Shanghai, opened to finance for reading; account id.
pub const STRATEGIC_ACCOUNT: &str = "0015g000000CaStAAK";
/// Key account in Singapore, opened to the key account board for editing; account id.
pub const BOARD_ACCOUNT: &str = "0015g000000CaTUAA0";
/// Medical customer in Chengdu, the company of the portal user; account id.
pub const PORTAL_ACCOUNT: &str = "0015g000000CaU5AAK";
/// Customer in Vienna, shared by hand with Li Wei for reading; account id.
pub const MANUAL_SHARE_ACCOUNT: &str = "0015g000000CaUgAAK";
/// Customer in Shanghai with Li Wei in its account team; account id.
pub const TEAM_ACCOUNT: &str = "0015g000000CaVHAA0";
/// Public reference customer, the only one of these that visitors see; account id.
pub const REFERENCE_ACCOUNT: &str = "0015g000000CaVsAAK";
/// Customer in Munich of Sophie Martin, in the territory Bavaria; account id.
pub const TERRITORY_ACCOUNT: &str = "0015g000000CaWTAA0";
/// Customer of a former employee in Shenzhen; account id.
pub const ORPHANED_ACCOUNT: &str = "0015g000000CaX4AAK";

/// Contact at [`SHENZHEN_ACCOUNT`] with an identity number; contact id.
pub const SHENZHEN_CONTACT: &str = "0035g000000CaRhAAK";
/// The contact behind the portal user; contact id.
pub const PORTAL_CONTACT: &str = "0035g000000CaU5AAK";

/// Opportunity of Li Wei at [`SHENZHEN_ACCOUNT`]; opportunity id.
pub const SHENZHEN_OPPORTUNITY: &str = "0065g000000CaRhAAK";
/// Opportunity of Chen Jie at [`SHENZHEN_ACCOUNT`]; opportunity id.
pub const COLLEAGUE_OPPORTUNITY: &str = "0065g000000CaSIAA0";
/// Large deal in Munich that the deal desk reads; opportunity id.
pub const LARGE_OPPORTUNITY: &str = "0065g000000CaStAAK";

/// Web lead owned by the queue of China, opened to marketing; lead id.
pub const QUEUE_LEAD: &str = "00Q5g000000CaRhEAK";

/// Contract review in the finance stage, not confidential; record id.
pub const OPEN_REVIEW: &str = "a015g000000CaRhAAK";
/// Contract review in the finance stage, confidential: restricted for finance; record id.
pub const CONFIDENTIAL_REVIEW: &str = "a015g000000CaSIAA0";

/// The instant at which the export right of Wang Fang ends.
pub const EXPORT_END: &str = "2026-03-31T16:00:00Z";

/// An address in the office network of Shanghai.
pub const OFFICE_ADDRESS: &str = "192.0.2.15";
/// An address outside every office network.
pub const OUTSIDE_ADDRESS: &str = "203.0.113.9";
