/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Button } from "./button.tsx";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  /** What is done when the reader agrees; without it there is nothing to agree to. */
  readonly confirm?: { readonly label: string; readonly onClick: () => void };
}

/** A question that waits for an answer. The browser keeps the focus in it; Escape closes it. */
export function Dialog({ title, onClose, children, confirm }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const close = () => dialog.current?.close();
  return (
    <dialog
      ref={dialog}
      class="wb-dialog"
      aria-labelledby={heading}
      onClose={onClose}
      onClick={(event) => {
        // The backdrop is the dialog itself, what it holds is not.
        if (event.target === dialog.current) close();
      }}
    >
      <div class="wb-dialog-body">
        <h2 id={heading}>{title}</h2>
        {children}
        <p class="wb-actions">
          {confirm && (
            <Button
              look="main"
              label={confirm.label}
              onClick={() => {
                close();
                confirm.onClick();
              }}
            />
          )}
          <Button label={confirm ? "Cancel" : "Close"} onClick={close} />
        </p>
      </div>
    </dialog>
  );
}
