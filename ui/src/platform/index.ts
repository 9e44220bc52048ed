/** What the host gives the pages: the desktop shell or a browser on the same machine. */
import type { Commands, Failure, FileRef, FolderRef } from '@/api/types';
import { tauri } from './tauri';
import { web } from './web';

export type CommandName = keyof Commands;
export type Request<C extends CommandName> = Commands[C]['request'];
export type Response<C extends CommandName> = Commands[C]['response'];
export type PickKind = 'sheet' | 'evidence' | 'policy' | 'picture' | 'invitation' | 'answer' | 'request' | 'register_answer' | 'warrant';

/** The most files that are taken in at once. */
export const MOST_FILES = 200;

/** Files that were chosen or dropped. */
export interface Picked {
  files: FileRef[];
  /** How many there were; of too many only the first are taken in. */
  given: number;
}

export interface Platform {
  /** Rejects with a `Failure`, never with anything else. */
  call<C extends CommandName>(command: C, request: Request<C>): Promise<Response<C>>;
  /** Empty if nothing was chosen. */
  pick(kind: PickKind, multiple: boolean): Promise<Picked>;
  /** The system's dialog for folders, where there is one: a browser gives a page no folder of its host's. Null if nothing was chosen. */
  pickFolder?(): Promise<FolderRef | null>;
  /** Files dropped on the window; gives back what ends it. */
  onDrop(
    handler: (picked: Picked) => void,
    hover?: (over: boolean) => void,
    refused?: (failure: Failure) => void,
  ): () => void;
  /** Evidence that the system asked to be opened. */
  onOpened(handler: (files: FileRef[]) => void): () => void;
  /** The window is to be closed; gives back what ends listening. A browser asks by itself. */
  onClosing(handler: () => void): () => void;
  /** Closes the window, or leaves it open because a person is asked first. */
  answerClosing(close: boolean): Promise<void>;
  save(file: FileRef): Promise<{ saved: boolean; where: string | null }>;
}

let chosen: Platform | undefined;

export function platform(): Platform {
  chosen ??= '__TAURI_INTERNALS__' in window ? tauri() : web();
  return chosen;
}

/** Another platform, for tests. */
export function usePlatform(other: Platform): void {
  chosen = other;
}
