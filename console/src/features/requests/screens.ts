import { SolutionOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/requests",
    title: ["Access requests", "访问申请"],
    menu: { group: "overview", order: 20, icon: SolutionOutlined },
    also: [
      "ask for access request permission inbox approve grant refuse time-bound just in time",
      "申请权限 申请访问 审批 授权 限时授权 待办 批准 拒绝",
    ],
    load: () => import("./index"),
  },
];
