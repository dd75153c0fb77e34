//! Both languages, and the demo in each, by the program itself.

use crate::world::World;
use guan::Exit;
use insta::assert_snapshot;
use std::process::Command;

#[test]
fn answers_come_in_chinese_too() {
    let mut world = World::sample();
    let line = "guan explain --as li.wei read Account 0015g000000CaSIAA0 --lang zh";
    assert_snapshot!(world.run(line).expect(Exit::Denied), @r"
    拒绝  李薇 (li.wei@lanhai.example) · 查看 · Account Isarwinkel Messtechnik GmbH (0015g000000CaSIAA0)
      拒绝于 3 数据权限（可达）
      原因 有功能权限，但数据范围和任何路径都到不了该记录
      以下任一改动即可：
        - 把记录共享给该用户 查看
        - 归属到 Service 售后服务 (Service)
        - 分配可达全部记录的权限集 Integration Sync 系统集成 (Integration_Sync)
        - 分配可达全部记录的权限集 Audit View All 审计只读 (Audit_View_All)
        - 分配可达全部记录的权限集 Admin (profile/Admin)
    ");
    let status = world.run("guan status --lang zh").expect(Exit::Done);
    assert!(status.contains("权限管控：对所有人开启"), "{status}");
}

/// The demo as somebody sees it who just installed the program and stands anywhere.
fn demo(language: &str) -> String {
    let anywhere = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_guan"))
        .args(["demo", "--story", "--no-pause", "--lang", language])
        .current_dir(anywhere.path())
        .env_remove("GUAN_DATA")
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{out}{err}");
    assert!(anywhere.path().read_dir().unwrap().next().is_none(), "it leaves nothing behind");
    out
}

#[test]
fn the_demo_tells_the_whole_story_in_english() {
    let out = demo("en");
    for part in [
        "1. A company's permissions",
        "ALLOWED  王芳",
        "DENIED  李薇",
        "any of these would be enough",
        "window open: w-",
        "ALLOWED by a window  李薇",
        "DENIED  陈杰",
        "equal: nothing of the policy was touched",
        "main: holds",
    ] {
        assert!(out.contains(part), "`{part}` is missing in {out}");
    }
}

#[test]
fn the_demo_tells_the_whole_story_in_chinese() {
    let out = demo("zh");
    for part in [
        "1. 从文件导入",
        "允许  王芳",
        "拒绝  李薇",
        "因暂停管控而允许  李薇",
        "一致：策略未被改动",
    ] {
        assert!(out.contains(part), "`{part}` is missing in {out}");
    }
}
