/** Who is signed in, and what they may do: as the server tells it, never concluded here. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { answer, api, problemOf, type Schemas, setCsrf } from "./api/client";

export type Me = Schemas["Me"];

const ME = ["me"] as const;

async function ask(): Promise<Me | null> {
  try {
    const me = await answer(api.GET("/api/v1/me"));
    setCsrf(me.csrf);
    return me;
  } catch (error) {
    if (problemOf(error).code === "sign_in_needed") return null;
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
      setCsrf(null);
      client.setQueryData(ME, null);
      forget();
    },
  };
}

/** The objects of the CRM that the person works with. */
export function useMyObjects() {
  return useQuery({
    queryKey: ["me", "objects"],
    queryFn: () => answer(api.GET("/api/v1/me/objects")),
    staleTime: 60_000,
  });
}
