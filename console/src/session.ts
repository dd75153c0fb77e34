/** Who is signed in, and what they may do: as the server tells it, never concluded here. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api, problemOf, type Schemas, setCsrf } from "./api/client";
import { setView, viewId } from "./api/view";

export type Me = Schemas["Me"];

const ME = ["me"] as const;

async function ask(): Promise<Me | null> {
  try {
    const me = await answer(api.GET("/api/v1/me"));
    setCsrf(me.csrf);
    return me;
  } catch (error) {
    const { code } = problemOf(error);
    if (code === "sign_in_needed") return null;
    // The view of this tab has ended: from here on it is one's own again.
    if (code === "not_in_a_view" && viewId() !== null) {
      setView(null);
      return ask();
    }
    throw error;
  }
}

/** The signed-in person; `null` when nobody is. */
export function useSession() {
  return useQuery({ queryKey: ME, queryFn: ask, staleTime: 60_000 });
}

/** Whether the server said that the person holds one of the powers; what it guards is guarded there. */
export function useMay(): (powers: readonly string[]) => boolean {
  const held = useSession().data?.powers ?? [];
  return (powers) => powers.length === 0 || powers.some((power) => held.includes(power));
}

/** Signing in, changing the password, signing out. */
export function useSigning() {
  const client = useQueryClient();
  /** Nothing that somebody else was told stays; the session itself is still being looked at, so it is replaced. */
  const forget = () =>
    client.removeQueries({ predicate: ({ queryKey }) => queryKey.join() !== "me" });
  return {
    signIn: async (user: string, password: string) => {
      const opened = await answer(api.POST("/api/v1/sessions", { body: { user, password } }));
      setCsrf(opened.csrf);
      forget();
      await client.fetchQuery({ queryKey: ME, queryFn: ask, staleTime: 0 });
    },
    changePassword: async (current: string, next: string) => {
      await answer(api.PUT("/api/v1/me/password", { body: { current, new: next } }));
      await client.refetchQueries({ queryKey: ME });
    },
    signOut: async () => {
      await answer(api.DELETE("/api/v1/sessions/current"));
      setView(null);
      setCsrf(null);
      client.setQueryData(ME, null);
      forget();
    },
  };
}

/** Seeing as somebody else, and oneself again; nothing that was told before stays. */
export function useViewing() {
  const client = useQueryClient();
  const anew = async () => {
    await client.cancelQueries();
    client.removeQueries({ predicate: ({ queryKey }) => queryKey.join() !== "me" });
    await client.fetchQuery({ queryKey: ME, queryFn: ask, staleTime: 0 });
  };
  const forget = async () => {
    setView(null);
    await anew();
  };
  return {
    /** The objects that the other works with. */
    begin: async (body: Schemas["ViewBody"]) => {
      const { id } = await answer(api.POST("/api/v1/views", { body }));
      setView(id);
      await anew();
      return client.fetchQuery({ queryKey: ["me", "objects"], queryFn: askObjects });
    },
    end: async (view: string) => {
      // Where it has ended already there is nothing to be ended.
      await answer(api.DELETE("/api/v1/views/{view}", { params: { path: { view } } })).catch(
        () => {},
      );
      await forget();
    },
    forget,
  };
}

const askObjects = () => answer(api.GET("/api/v1/me/objects"));

/** The objects of the CRM that the person works with. */
export function useMyObjects() {
  return useQuery({
    queryKey: ["me", "objects"],
    queryFn: askObjects,
    staleTime: 60_000,
  });
}
