import { CompassOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/setup",
    title: ["Setup", "初始化向导"],
    menu: { group: "system", order: 10, icon: CompassOutlined },
    needs: ["guan.manage_settings"],
    also: [
      "wizard first steps getting started onboarding departments csv",
      "向导 初始化 开始使用 部门导入 人员导入",
    ],
    load: () => import("./index"),
  },
];
