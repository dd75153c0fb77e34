import { AuditOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/audit",
    title: ["Audit log", "审计日志"],
    menu: { group: "audit", order: 40, icon: AuditOutlined },
    needs: ["guan.read_ledger"],
    also: [
      "ledger log history who did what verify chain export",
      "账本 日志 操作记录 登录日志 校验 导出 留痕",
    ],
    load: () => import("./index"),
  },
];
