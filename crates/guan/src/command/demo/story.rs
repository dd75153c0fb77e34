//! The story of the demo: what is told and which commands tell it, in both languages.

use crate::exit::Exit;
use crate::language::Language;
use std::path::Path;

/// One step.
pub(crate) struct Step {
    /// Its title, English and Chinese.
    pub(crate) title: (&'static str, &'static str),
    /// What it is about.
    pub(crate) told: (&'static str, &'static str),
    /// The command lines, as anybody can type them.
    pub(crate) commands: &'static [&'static str],
    /// How they may end.
    pub(crate) exits: &'static [Exit],
}

/// The steps in order.
pub(crate) const STEPS: &[Step] = &[
    Step {
        title: ("A company's permissions, imported from files", "从文件导入一家公司的权限"),
        told: (
            "Lanhai Instruments makes measuring instruments: sixty users, two thousand customers, a CRM with\nprofiles, roles, sharing rules, territories. Everything that bears on permissions is rated; nothing\nis dropped silently.",
            "岚海仪器：六十名用户、两千个客户，一套含简档、角色、共享规则、区域的 CRM。\n凡与权限有关的元素都有评级，不会悄悄丢弃。",
        ),
        commands: &[
            "guan init --name \"Lanhai Instruments 岚海仪器\"",
            "guan import salesforce examples/lanhai --rows examples/lanhai/rows --utc-offset +08:00",
        ],
        exits: &[Exit::Done, Exit::Losses],
    },
    Step {
        title: ("What may Li Wei do? The matrix", "李薇能做什么？权限矩阵"),
        told: (
            "Li Wei sells in Shenzhen. Actions across, objects down; a cell says how far the action goes:\n\"reachable\" are the records that she owns or that some path opens to her.",
            "李薇在深圳做销售。列是操作，行是对象；单元格是数据范围：\n「可达」指她负责的、或有路径向她开放的记录。",
        ),
        commands: &["guan matrix --subject li.wei --objects Account,Contact,Opportunity"],
        exits: &[Exit::Done],
    },
    Step {
        title: ("Allowed, and why: the role hierarchy", "允许，及其原因：角色层级"),
        told: (
            "Wang Fang manages South China. May she read a customer of Li Wei's?",
            "王芳是华南区经理。她能查看李薇的客户吗？",
        ),
        commands: &["guan check --as wang.fang read Account 0015g000000CaRhAAK"],
        exits: &[Exit::Done],
    },
    Step {
        title: ("Denied, and what would be enough", "拒绝，以及怎样才够"),
        told: (
            "Li Wei asks for a customer in Munich. The answer names the stage that refused, the reason, and\nevery smallest change that would turn it.",
            "李薇想看慕尼黑的一个客户。答案指出在哪一关被拒、为什么、以及每一种最小改动。",
        ),
        commands: &["guan explain --as li.wei read Account 0015g000000CaSIAA0"],
        exits: &[Exit::Denied],
    },
    Step {
        title: ("Her own customer, but not this field", "自己的客户，但不含此字段"),
        told: (
            "She may read her customer. Its credit limit is hidden from her profile.",
            "她能查看自己的客户，但信用额度对她的简档隐藏。",
        ),
        commands: &[
            "guan check --as li.wei read Account 0015g000000CaRhAAK --fields Credit_Limit__c",
        ],
        exits: &[Exit::Denied],
    },
    Step {
        title: ("Off: for one person, one object, ten minutes", "关闭：一个人、一个对象、十分钟"),
        told: (
            "Li Wei is to merge duplicate customers tonight. Nobody edits a role for that: a window is opened.\nGuan shows what it would change, takes a backup and checks it, and only then opens.",
            "李薇今晚要合并重复客户。不必为此改角色：打开一个窗口。\nGuan 先预览变化，备份并验证，然后才打开。",
        ),
        commands: &[
            "guan off --objects Account --layers record --for li.wei --length 10m --reason \"merge duplicate customers\" --yes",
            "guan status",
        ],
        exits: &[Exit::Done],
    },
    Step {
        title: ("The same question goes through, and is recorded", "同一个问题现在放行，并被记录"),
        told: (
            "The policy still says no, and Guan says so. That it was answered all the same is in the ledger\nbefore the answer leaves: a would-deny.",
            "策略仍然说不，Guan 也如实说明。仍予放行这一事实在答复之前已写入账本：「本应拒绝」。",
        ),
        commands: &["guan check --as li.wei read Account 0015g000000CaSIAA0"],
        exits: &[Exit::Done],
    },
    Step {
        title: ("Not for anybody else", "对其他人无效"),
        told: (
            "Her colleague Chen Jie asks the same, in the same minute.",
            "同一分钟，她的同事陈杰提出同样的问题。",
        ),
        commands: &["guan check --as chen.jie read Account 0015g000000CaSIAA0"],
        exits: &[Exit::Denied],
    },
    Step {
        title: ("On again", "恢复管控"),
        told: (
            "One command closes it. Without it, it ends by itself after ten minutes: also when the process is\nkilled, the machine is restarted or somebody moves the clock.",
            "一条命令即可关闭。不输入也会在十分钟后自动结束：进程被杀、机器重启、有人改时钟，都一样。",
        ),
        commands: &["guan on --reason \"done\""],
        exits: &[Exit::Done],
    },
    Step {
        title: ("Refused again, with nothing to put back", "再次拒绝，没有任何东西需要还原"),
        told: (
            "No role, rule or set was touched, so there is nothing to restore.",
            "角色、规则、权限集都没有动过，所以无需还原。",
        ),
        commands: &["guan check --as li.wei read Account 0015g000000CaSIAA0"],
        exits: &[Exit::Denied],
    },
    Step {
        title: ("The report, and the proof", "报告与证明"),
        told: (
            "Who opened it and why, what it let through, what the clocks said. The digest of the policy before\nequals the one after. Every row of the ledger is verified.",
            "谁打开、为什么、放行了什么、时钟怎么说。策略前后摘要一致，账本逐行验证。",
        ),
        commands: &["guan report", "guan ledger verify"],
        exits: &[Exit::Done],
    },
];

/// What the demo is.
pub(crate) fn introduction(language: Language) -> Vec<String> {
    let text = language.pick(
        "Guan 关 decides who may see and change what in a CRM – and can be switched off and on again safely.\nThis demo makes an installation in a temporary folder and runs real commands on a made-up company.",
        "Guan 关：决定谁能在 CRM 中查看和修改什么——并且可以安全地关闭、再打开。\n本演示在临时文件夹中建立安装，在一家虚构公司上运行真实命令。",
    );
    text.lines().map(str::to_owned).collect()
}

/// Where to go from here.
pub(crate) fn ending(language: Language, kept: Option<&Path>) -> Vec<String> {
    let kept = match (kept, language) {
        (Some(folder), Language::English) => {
            format!("The installation is kept in {}: go on with --data.", folder.display())
        }
        (Some(folder), Language::Chinese) => {
            format!("安装保留在 {}：用 --data 继续。", folder.display())
        }
        (None, Language::English) => {
            "The temporary installation is gone; `guan demo --data DIR` keeps it.".to_owned()
        }
        (None, Language::Chinese) => {
            "临时安装已删除；`guan demo --data 文件夹` 可保留。".to_owned()
        }
    };
    let next = language.pick(
        "Yours: guan init, then guan import salesforce PROJECT --rows ROWS. Every command has --help.",
        "用自己的数据：guan init，然后 guan import salesforce 项目 --rows 数据。每条命令都有 --help。",
    );
    vec![String::new(), "━".repeat(72), kept, next.to_owned()]
}
