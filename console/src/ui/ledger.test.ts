import { expect, test } from "vitest";
import { callerName, purposeIn } from "./ledger";

test("what the server wrote is told in the person's language, what people wrote as it is", () => {
  const tested = "0 of 1 would-denies that were asked again are refused";
  expect(purposeIn(tested, 0)).toBe("of 1 asked again, 0 refused");
  expect(purposeIn(tested, 1)).toBe("再次询问 1 项判定，其中 0 项被拒绝");
  expect(purposeIn("by_hand: merged duplicates", 1)).toBe("手动 · merged duplicates");
  expect(purposeIn("deadline", 1)).toBe("到时");
  expect(purposeIn("quarter end: by hand", 1)).toBe("quarter end: by hand");
  expect(purposeIn("change_object", 1)).toBe("修改对象");
});

test("who acted is told by name, also who has none: the machine's own people and Guan itself", () => {
  const name = (id: string) => (id === "li.wei" ? "李薇" : id);
  expect(callerName("li.wei", name, 1)).toBe("李薇");
  expect(callerName("uid:0", name, 1)).toBe("服务器本机");
  expect(callerName("guan", name, 0)).toBe("Guan");
});
