import { PoweroffOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

const ENTITLED = ["guan.manage_overlays", "guan.approve_overlays", "guan.review_overlays"];

export const screens: readonly Screen[] = [
  {
    path: "/switch",
    title: ["Permission management", "权限管理"],
    menu: { group: "overview", order: 15, icon: PoweroffOutlined },
    needs: ENTITLED,
    also: [
      "off switch turn off permissions suspend suspension bypass pause enforcement window inbox approve undo revert windows reports report of a window review sign off",
      "关闭权限 权限开关 暂停管控 旁路 停用 设置 权限窗口 审批 撤销 窗口报告 复核",
    ],
    load: () => import("./index"),
  },
  {
    path: "/switch/new",
    title: ["Turn permission management off for a while", "暂停权限管控"],
    needs: ["guan.manage_overlays"],
    also: [
      "off switch turn off permissions suspend new request emergency elevation disable",
      "关闭权限 权限开关 新建申请 紧急 临时提权 临时停用",
    ],
    load: () => import("./new"),
  },
  {
    path: "/switch/settings",
    title: ["Settings of the switch", "权限开关设置"],
    needs: ENTITLED,
    also: ["approvals lengths idle four eyes", "审批 时长 空闲 双人复核"],
    load: () => import("./settings"),
  },
  {
    path: "/switch/$request",
    title: ["Request", "申请"],
    needs: ENTITLED,
    load: () => import("./request"),
  },
  {
    path: "/switch/$request/report",
    title: ["Report", "报告"],
    needs: ENTITLED,
    load: () => import("./report"),
  },
  {
    path: "/switch/$request/undo",
    title: ["Undo", "撤销"],
    needs: ["guan.review_overlays", "guan.manage_overlays"],
    load: () => import("./undo"),
  },
];
