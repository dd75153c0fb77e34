import { EyeOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/view-as",
    title: ["View as", "以用户视角查看"],
    menu: { group: "audit", order: 30, icon: EyeOutlined },
    needs: ["guan.ask_about_others"],
    also: ["impersonate see what somebody sees effective access", "模拟 代入 视角 查看别人"],
    load: () => import("./index"),
  },
];
