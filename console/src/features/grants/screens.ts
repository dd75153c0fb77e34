import { FieldTimeOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/grants",
    title: ["Grants", "授权"],
    menu: { group: "access", order: 60, icon: FieldTimeOutlined },
    needs: ["guan.manage_assignments"],
    also: [
      "assignments time-bound expiring renew revoke temporary assign permission set",
      "限时授权 到期 续期 收回 临时 分配 权限集",
    ],
    load: () => import("./index"),
  },
];
