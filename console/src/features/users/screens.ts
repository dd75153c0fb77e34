import { UserOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/users",
    title: ["Users", "用户"],
    menu: { group: "people", order: 10, icon: UserOutlined },
    needs: ["guan.manage_users"],
    also: [
      "people employees staff accounts reset password sessions",
      "员工 成员 账号 人员 重置密码 会话",
    ],
    load: () => import("./index"),
  },
];
