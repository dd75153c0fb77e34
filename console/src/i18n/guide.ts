import { words } from "./words";

export const guide = words({
  title: ["Guide", "使用指南"],
  about: [
    "Served by this server; nothing is fetched from elsewhere.",
    "由本服务器提供，无需访问外部网络。",
  ],
  pages: ["Pages of the guide", "指南目录"],
  onlyEnglish: ["This page is not translated yet.", "本页暂无中文版，以下为英文原文。"],
  concepts: ["Concepts", "基本概念"],
  console: ["Working in the console", "使用控制台"],
  "off-switch": ["The off switch", "权限开关"],
  "access-requests": ["Asking for access", "申请访问与限时授权"],
  "view-as": ["Seeing as somebody else", "以用户视角查看"],
  serve: ["Running the server", "运行服务"],
  commands: ["Commands", "命令行"],
  "import-salesforce": ["Import from Salesforce", "从 Salesforce 导入"],
});
