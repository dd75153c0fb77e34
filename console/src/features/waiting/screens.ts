import { HourglassOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/waiting-edits",
    title: ["Waiting edits", "等待中的修改"],
    menu: { group: "access", order: 80, icon: HourglassOutlined },
    needs: [
      "guan.manage_sets",
      "guan.manage_assignments",
      "guan.manage_sharing",
      "guan.manage_objects",
      "guan.manage_users",
      "guan.manage_structure",
      "guan.manage_settings",
    ],
    also: [
      "edits held by a window conflict pending changes resolution merge",
      "等待 冲突 待生效 修改 窗口 合并",
    ],
    load: () => import("./index"),
  },
];
