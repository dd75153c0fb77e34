import { expect, test } from "vitest";
import { viewOf, viewsOf } from "./kept";

test("a view keeps filters, order and columns, and no place in the list", () => {
  const view = viewOf("Mine", { owner: "me", sort: "-Amount", cursor: "c", new: "1", q: "" }, [
    "Id",
  ]);
  expect(view).toEqual({ name: "Mine", address: { owner: "me", sort: "-Amount" }, hidden: ["Id"] });
  viewsOf("Lead", [view]);
  expect(viewsOf("Lead")).toEqual([view]);
  expect(viewsOf("Account")).toEqual([]);
});

test("what somebody else left in the browser breaks nothing", () => {
  localStorage.setItem("guan.views.Lead", "{");
  expect(viewsOf("Lead")).toEqual([]);
});
