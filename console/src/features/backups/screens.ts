import { SaveOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/backups",
    title: ["Backups", "备份恢复"],
    menu: { group: "system", order: 20, icon: SaveOutlined },
    needs: ["guan.manage_backups"],
    also: ["backup restore verify snapshot", "备份 恢复 校验 快照"],
    load: () => import("./index"),
  },
];
