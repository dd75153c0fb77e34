import { DashboardOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/",
    title: ["Overview", "概览"],
    menu: { group: "overview", order: 10, icon: DashboardOutlined },
    also: ["home start dashboard status", "首页 主页 仪表盘 状态"],
    load: () => import("./index"),
  },
];
