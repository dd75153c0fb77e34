import { ReadOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

const load = () => import("./index");

export const screens: readonly Screen[] = [
  {
    path: "/guide",
    title: ["Guide", "使用指南"],
    menu: { group: "system", order: 900, icon: ReadOutlined },
    also: ["help manual documentation how to turn off", "帮助 手册 文档 教程"],
    load,
  },
  { path: "/guide/$page", title: ["Guide", "使用指南"], load },
];
