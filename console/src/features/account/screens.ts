import { IdcardOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/account",
    title: ["My account", "我的账户"],
    menu: { group: "system", order: 80, icon: IdcardOutlined },
    also: ["my sessions password sign out everywhere devices", "我的会话 修改密码 设备 退出"],
    load: () => import("./index"),
  },
];
