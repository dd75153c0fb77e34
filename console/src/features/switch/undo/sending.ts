/** An undo on its way. One whose answer was lost is found among the undos of the window, or it did not happen. */
import { type Found, useAct } from "../../../api/act";
import { answer, api, type Schemas } from "../../../api/client";
import { SWITCH } from "../../../switch";
import type { Outcome, Run } from "../documents";
import { askRuns } from "../queries";

type Sent = {
  order: Schemas["OrderBody"];
  reason: string;
  /** The undos that there were before. */
  before: readonly string[];
};

/** What became of an undo, from the undos that are listed afterwards. */
export function settleUndo(
  sent: Sent & { by: string },
  runs: readonly Run[],
): Found<Outcome | undefined> {
  const run = runs.find(
    ({ id, by, reason }) =>
      !sent.before.includes(id) && by === sent.by && reason.trim() === sent.reason.trim(),
  );
  if (!run) return { is: "not_taken" };
  return run.finished ? { is: "taken", made: undefined } : { is: "under_way" };
}

export function useUndo(overlay: string, by: string, onDone: () => void) {
  return useAct<Sent, Outcome | undefined>({
    send: ({ order, reason }) =>
      answer(
        api.POST("/api/v1/switch/windows/{overlay}/undo", {
          params: { path: { overlay } },
          body: { order, reason },
        }),
      ) as unknown as Promise<Outcome>,
    look: async (sent) => settleUndo({ ...sent, by }, (await askRuns(overlay)).items),
    stale: [SWITCH, ["records"]],
    onDone,
  });
}
