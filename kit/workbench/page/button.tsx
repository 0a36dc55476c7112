/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import { Icon, type IconName } from "./icons.tsx";

export interface ButtonProps {
  readonly label: string;
  readonly onClick: () => void;
  readonly icon?: IconName;
  /** More words, for the pointer that rests on it. */
  readonly title?: string;
  /** The name for screen readers, where the label alone does not say which. */
  readonly name?: string;
  /** Whether it does nothing now. It can be focused still, so that the focus is not lost. */
  readonly disabled?: boolean;
  /** `quiet` is text alone, `main` is what one comes for, `small` shows the icon alone where room is short. */
  readonly look?: "quiet" | "main" | "small" | undefined;
}

/** A button with words, and an icon beside them. */
export function Button({ label, onClick, icon, title, name, disabled, look }: ButtonProps) {
  return (
    <button
      type="button"
      class={`wb-button${look ? ` wb-${look}` : ""}`}
      aria-disabled={disabled}
      {...(title && { title })}
      {...(name && { "aria-label": name })}
      onClick={() => {
        if (!disabled) onClick();
      }}
    >
      {icon && <Icon name={icon} />}
      <span>{label}</span>
    </button>
  );
}
