import { ApartmentOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/structure",
    title: ["Departments & teams", "部门与团队"],
    menu: { group: "people", order: 20, icon: ApartmentOutlined },
    needs: ["guan.manage_structure"],
    also: [
      "organization tree hierarchy role business unit manager territory group queue move",
      "组织架构 层级 角色层级 业务单元 汇报 区域 小组 队列 调动 负责人",
    ],
    load: () => import("./index"),
  },
];
