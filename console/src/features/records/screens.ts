import { DeleteOutlined, GoldOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/records/$object",
    title: ["Records", "业务数据"],
    load: () => import("./list/index"),
  },
  {
    path: "/records/$object/$id",
    title: ["Record", "记录"],
    load: () => import("./one/index"),
  },
  {
    path: "/import/$object",
    title: ["Import records", "导入数据"],
    load: () => import("./transfer/import"),
  },
  {
    path: "/bin",
    title: ["Recycle bin", "回收站"],
    menu: { group: "system", order: 90, icon: DeleteOutlined },
    needs: ["guan.manage_recycle_bin"],
    also: ["deleted restore undelete purge trash", "删除 恢复 还原 清除 垃圾箱"],
    load: () => import("./bin/index"),
  },
  {
    path: "/bin/$object",
    title: ["Recycle bin", "回收站"],
    load: () => import("./bin/index"),
  },
  {
    path: "/pools",
    title: ["Public pools", "公海"],
    menu: { group: "pools", order: 10, icon: GoldOutlined },
    also: [
      "open sea claim return recycle quota holding limit leads",
      "线索池 领取 退回 分配 回收 领取上限 持有上限",
    ],
    load: () => import("./pools/index"),
  },
];
