import { NodeIndexOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/explain",
    title: ["Access explainer", "权限诊断"],
    menu: { group: "audit", order: 10, icon: NodeIndexOutlined },
    also: [
      "why denied who can see reference permission check diagnose",
      "为什么 看不到 看得到 谁能看 拒绝 参考编号 权限检查 诊断",
    ],
    load: () => import("./index"),
  },
  {
    path: "/explain/$reference",
    title: ["Access explainer", "权限诊断"],
    load: () => import("./past"),
  },
];
