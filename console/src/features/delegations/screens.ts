import { PartitionOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/delegations",
    title: ["Delegations & posts", "分级授权与岗位"],
    menu: { group: "access", order: 70, icon: PartitionOutlined },
    needs: ["guan.manage_delegations"],
    also: [
      "delegated administration administrators department admin separation of duties three posts",
      "分级管理 管理员 三员 三权分立 岗位分离 部门管理员",
    ],
    load: () => import("./index"),
  },
];
