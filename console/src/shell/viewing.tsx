/** The frame around everything while somebody sees as somebody else: whose view it is, why, how long, and its end. */
import { EyeOutlined } from "@ant-design/icons";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect } from "react";
import { viewas } from "../i18n/viewas";
import { useWords } from "../i18n/words";
import { type Me, useViewing } from "../session";
import { Countdown } from "../ui/countdown";
import { useColleagueName } from "../ui/directory";

type View = NonNullable<Me["view"]>;

/** The longest wait that a timer of a browser takes. */
const WAIT_MAX_MS = 2_147_000_000;

export function Viewing(props: { view: View }) {
  const say = useWords(viewas);
  const { view } = props;
  const name = useColleagueName();
  const navigate = useNavigate();
  const { end, forget } = useViewing();
  const ends_ms = Date.parse(String(view.ends));
  // biome-ignore lint/correctness/useExhaustiveDependencies: one timer for each view
  useEffect(() => {
    const wait = Math.min(Math.max(0, ends_ms - Date.now()), WAIT_MAX_MS);
    const over = setTimeout(() => {
      void forget().then(() => navigate({ to: "/view-as?over=yes" as string }));
    }, wait);
    return () => clearTimeout(over);
  }, [view.id]);
  return (
    <div role="status" className="band viewing">
      <EyeOutlined aria-hidden />
      <strong>{say("frame", { me: name(view.viewer), who: name(view.user) })}</strong>
      <span className="why">{say("because", { reason: view.reason })}</span>
      <Countdown left_s={(ends_ms - Date.now()) / 1000} asOf_ms={Date.now()} />
      <Button
        size="small"
        onClick={() =>
          void end(view.id).then(() =>
            navigate({ to: `/view-as?who=${encodeURIComponent(view.user)}` as string }),
          )
        }
      >
        {say("end")}
      </Button>
    </div>
  );
}
