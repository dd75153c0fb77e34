import {
  DatabaseOutlined,
  EyeInvisibleOutlined,
  HeatMapOutlined,
  HistoryOutlined,
  KeyOutlined,
  ShareAltOutlined,
} from "@ant-design/icons";
import type { Screen } from "../../screens";

const SETS = ["guan.manage_sets"];

export const screens: readonly Screen[] = [
  {
    path: "/sets",
    title: ["Permission sets", "权限集"],
    menu: { group: "access", order: 10, icon: KeyOutlined },
    needs: SETS,
    also: [
      "profiles security roles permission set groups clone compare risk",
      "简档 安全角色 权限集组 角色 功能权限 克隆 对比",
    ],
    load: () => import("./sets"),
  },
  {
    path: "/sets/$set/matrix",
    title: ["Permission matrix", "权限矩阵"],
    needs: SETS,
    load: () => import("./matrix"),
  },
  {
    path: "/set-groups/$group/matrix",
    title: ["Permission matrix", "权限矩阵"],
    needs: SETS,
    load: () => import("./matrix/reading"),
  },
  {
    path: "/users/$user/matrix",
    title: ["Permission matrix", "权限矩阵"],
    needs: SETS,
    load: () => import("./matrix/reading"),
  },
  {
    path: "/fields",
    title: ["Fields & masks", "字段与脱敏"],
    menu: { group: "access", order: 20, icon: EyeInvisibleOutlined },
    needs: SETS,
    also: [
      "field level security masking hidden read only classification personal data",
      "字段权限 字段级安全 掩码 隐藏 只读 敏感 个人信息",
    ],
    load: () => import("./fields"),
  },
  {
    path: "/sharing",
    title: ["Defaults & sharing", "默认访问与共享"],
    menu: { group: "sharing", order: 10, icon: ShareAltOutlined },
    needs: ["guan.manage_sharing"],
    also: [
      "organization wide defaults baseline sharing rules restrictions roll-up hierarchy criteria",
      "组织范围默认值 默认访问级别 共享规则 限制规则 上卷 角色层级 条件",
    ],
    load: () => import("./sharing"),
  },
  {
    path: "/sets/$set/compare",
    title: ["Compare two sets", "对比权限集"],
    needs: SETS,
    load: () => import("./sets/comparing"),
  },
  {
    path: "/access-map",
    title: ["Access map", "权限总览图"],
    menu: { group: "access", order: 30, icon: HeatMapOutlined },
    needs: SETS,
    also: ["heat map all sets overview", "热力图 全部权限集 总览"],
    load: () => import("./heat"),
  },
  {
    path: "/objects",
    title: ["Objects & fields", "对象与字段"],
    menu: { group: "access", order: 40, icon: DatabaseOutlined },
    needs: ["guan.manage_objects"],
    also: ["custom objects custom fields new field", "自定义对象 自定义字段 新建字段"],
    load: () => import("./objects"),
  },
  {
    path: "/revisions",
    title: ["Revisions", "修订版记录"],
    menu: { group: "access", order: 50, icon: HistoryOutlined },
    needs: SETS,
    also: [
      "history of permissions roll back undo difference",
      "权限历史 回退 恢复 版本对比 修改记录",
    ],
    load: () => import("./revisions"),
  },
];
