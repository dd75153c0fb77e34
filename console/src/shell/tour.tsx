/** What a person is shown once, at the first sign-in; the user menu shows it again. */
import { Tour as Steps } from "antd";
import { shell } from "../i18n/shell";
import { useWords } from "../i18n/words";

const at = (place: string) => () => document.querySelector<HTMLElement>(place) ?? document.body;

export default function Tour(props: { onEnd: () => void }) {
  const say = useWords(shell);
  return (
    <Steps
      open
      onClose={props.onEnd}
      onFinish={props.onEnd}
      steps={[
        {
          title: say("tourMenu"),
          description: say("tourMenuWhy"),
          target: at(".rail"),
          placement: "rightTop",
        },
        { title: say("tourFind"), description: say("tourFindWhy"), target: at(".finder") },
        {
          title: say("tourBand"),
          description: say("tourBandWhy"),
          target: at(".top"),
          placement: "bottom",
        },
      ]}
    />
  );
}
