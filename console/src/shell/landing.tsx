/** Where somebody arrives who has just signed in: at their records, unless they administer or a link led elsewhere. */
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useMyObjects, useSession } from "../session";
import { Loading } from "../ui/state";
import { useObjectPlaces } from "./rail";

export function Landing(props: { onDone: () => void }) {
  const powers = useSession().data?.powers ?? [];
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const { isPending } = useMyObjects();
  const [first] = useObjectPlaces();
  const stays = pathname !== "/" || powers.length > 0;
  const isKnown = stays || !isPending;
  const { onDone } = props;
  useEffect(() => {
    if (!isKnown) return;
    if (stays || !first) onDone();
    else void navigate({ to: first.to as string, replace: true }).then(onDone);
  }, [isKnown, stays, first, navigate, onDone]);
  return <Loading />;
}
