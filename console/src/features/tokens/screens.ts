import { ApiOutlined, CodeOutlined } from "@ant-design/icons";
import type { Screen } from "../../screens";

export const screens: readonly Screen[] = [
  {
    path: "/tokens",
    title: ["API tokens", "API 令牌"],
    menu: { group: "integrations", order: 10, icon: ApiOutlined },
    also: ["api key secret program integration scope bearer", "接口密钥 令牌 程序 集成 访问密钥"],
    load: () => import("./index"),
  },
  {
    path: "/playground",
    title: ["API playground", "接口试用"],
    menu: { group: "integrations", order: 20, icon: CodeOutlined },
    also: ["try api curl snippet sdk check list explain", "接口调试 代码 示例 调用"],
    load: () => import("./playground"),
  },
];
