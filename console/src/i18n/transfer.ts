import { words } from "./words";

/** Words of importing records. */
export const transfer = words({
  title: ["Import {what}", "导入{what}"],
  about: [
    "From CSV or Excel. Nothing is written before you have seen what would happen; records that you may not create or change are left out and named.",
    "支持 CSV 和 Excel。写入前会先试运行并显示结果；您无权新建或修改的记录会被跳过并列出原因。",
  ],
  notOpen: [
    "Your role does not include importing these records. Ask your manager or administrator if your work needs it.",
    "您的角色不包含导入此类记录。如工作需要，请联系您的经理或管理员。",
  ],
  stepFile: ["File", "选择文件"],
  stepMap: ["Columns", "列映射"],
  stepTry: ["Dry run", "试运行"],
  stepDone: ["Done", "完成"],
  drop: ["Drop a file here, or press to choose one", "将文件拖到此处，或点击选择"],
  dropHint: [
    "CSV (UTF-8) or .xlsx with the names of the columns in the first row",
    "CSV（UTF-8）或 .xlsx，第一行为列名",
  ],
  unreadable: [
    "The columns of this file cannot be read. Save it as CSV (UTF-8) or .xlsx.",
    "无法读取该文件的列名，请另存为 CSV（UTF-8）或 .xlsx。",
  ],
  column: ["Column of the file", "文件列"],
  sample: ["First value", "首行内容"],
  becomes: ["Becomes", "对应字段"],
  leaveOut: ["Leave out", "不导入"],
  idField: ["Record ID (changes that record)", "记录 ID（更新该记录）"],
  ownersField: ["Owners", "负责人"],
  twice: ["Two columns become {field}.", "有两列对应“{field}”。"],
  none: ["Choose a field for at least one column.", "请至少为一列选择字段。"],
  back: ["Back", "上一步"],
  tryOut: ["Try it out", "试运行"],
  trying: ["Trying out {name}…", "正在试运行 {name}…"],
  applying: ["Importing {name}…", "正在导入 {name}…"],
  rows: ["{done} of {all} rows", "{done} / {all} 行"],
  wouldBe: [
    "This is what would happen. Nothing has been written.",
    "以下为试运行结果，尚未写入任何数据。",
  ],
  became: ["The import is finished.", "导入已完成。"],
  created: ["Created", "新建"],
  updated: ["Changed", "更新"],
  unchanged: ["As they are", "无变化"],
  failed: ["Left out", "未导入"],
  line: ["Line", "行号"],
  why: ["Why", "原因"],
  firstErrors: [
    "The first {n} are listed; the file has all of them.",
    "仅列出前 {n} 条，完整列表见错误文件。",
  ],
  errorFile: ["Download rows that do not fit", "下载未通过的行"],
  apply: ["Import {n} {n|row|rows}", "导入 {n} 行"],
  again: ["Import another file", "导入其他文件"],
  toList: ["To the list", "返回列表"],
});
