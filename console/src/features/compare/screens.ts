import { DiffOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/compare",
    title: ["Compare", "权限对比"],
    menu: { group: "audit", order: 20, icon: DiffOutlined },
    needs: ["guan.ask_about_others"],
    also: [
      "difference two users two roles revisions versions",
      "对比 差异 比较 两个用户 修订版 版本",
    ],
    load: () => import("./index"),
  },
];
