import { ImportOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/imports",
    title: ["Import from a CRM", "CRM 配置导入"],
    menu: { group: "integrations", order: 30, icon: ImportOutlined },
    needs: ["guan.run_imports"],
    also: [
      "salesforce migrate configuration zip loss report mapping",
      "迁移 导入配置 简档 损失报告 映射 压缩包",
    ],
    load: () => import("./index"),
  },
];
