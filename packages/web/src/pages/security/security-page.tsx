import type { VNode } from "preact";
import { arrival, isSample } from "../../state/arrival.ts";
import { say } from "../../state/language.ts";
import { security } from "../../words/pages/security.ts";
import { Card } from "./card.tsx";
import { Devices } from "./devices.tsx";
import { Events } from "./events.tsx";
import { LetIn } from "./let-in.tsx";
import { LoginPassword } from "./passwords/login-password.tsx";
import { VaultPassword } from "./passwords/vault-password.tsx";
import { Logins } from "./logins.tsx";
import { Passkeys } from "./passkeys.tsx";
import { Reading } from "./reading.tsx";
import { newWords, RenewedKit } from "./new-card.tsx";

/** The recovery card, who may open, who is logged in, and what happened. */
export function SecurityPage(): VNode {
  const words = say(security);
  if (newWords.value !== undefined) return <RenewedKit words={newWords.value} />;
  return (
    <section class="page">
      <h1>{words.title}</h1>
      {isSample.value ? (
        <p class="lead">{words.sampleNo}</p>
      ) : (
        <>
          {arrival.value?.isReading === true ? <Reading /> : <OfDevice />}
          <Logins />
          <Events />
        </>
      )}
    </section>
  );
}

/** What takes a device of the vault. */
function OfDevice(): VNode {
  return (
    <>
      <Card />
      <Devices />
      <LetIn />
      <Passkeys />
      <VaultPassword />
      <LoginPassword />
    </>
  );
}
