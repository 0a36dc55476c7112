/** @jsxRuntime automatic */
/** @jsxImportSource preact */
import type { ChapterLink, CourseView } from "../protocol.ts";
import { courseName } from "../../render/course_name.ts";
import { Html } from "./html.tsx";
import { useLoaded } from "./load.ts";
import { findNext, pointsOf } from "./progress.ts";
import { Points } from "./points.tsx";
import { TopBar } from "./top_bar.tsx";
import { type Progress, useProgress } from "./use_progress.ts";

function chapterHref(name: string, anchor = ""): string {
  return `/chapters/${encodeURIComponent(name)}${anchor && `#${anchor}`}`;
}

/** What to do next, in a place that is kept for it until that is known. */
function Next({ course, progress }: { course: CourseView; progress: Progress }) {
  const { chapters, state, reason } = progress;
  const first = course.chapters[0];
  const next = findNext(chapters);
  const { earned, points } = pointsOf(chapters.flatMap(({ exercises }) => exercises));
  const link = () => {
    if (next && earned === 0 && first) {
      return <a class="wb-go" href={chapterHref(first.name)}>Start with chapter {first.number}</a>;
    }
    if (next) {
      return (
        <a class="wb-go" href={chapterHref(next.chapter, `exercise-${next.exercise.id}`)}>
          Go on with exercise {next.exercise.id}: {next.exercise.title}
        </a>
      );
    }
    return state === "done" && <span>You have passed every exercise.</span>;
  };
  return (
    <div class="wb-next">
      {link()}
      {state === "done" && <Points earned={earned} points={points} />}
      {state === "checking" && <span class="wb-muted">Checking your answers…</span>}
      {state === "failed" && <span class="wb-muted">Your points cannot be shown. {reason}</span>}
    </div>
  );
}

function ChapterItem(
  { link, progress }: { link: ChapterLink; progress: Progress },
) {
  const exercises = progress.chapters.find(({ name }) => name === link.name)?.exercises ?? [];
  return (
    <li>
      <span aria-hidden="true">{link.number}</span>
      <div>
        <a href={chapterHref(link.name)}>
          <Html html={link.title} />
        </a>
        {link.summary && <Html as="p" html={link.summary} />}
        <div class="wb-chapter-points">
          {exercises.length > 0 && <Points {...pointsOf(exercises)} />}
        </div>
      </div>
    </li>
  );
}

function Course({ course }: { course: CourseView }) {
  const unreadable = new Map(course.unreadable.map(({ name, reason }) => [name, reason]));
  const readable = course.chapters.filter(({ name }) => !unreadable.has(name));
  const progress = useProgress(readable.map(({ name }) => name));
  return (
    <>
      <p class="thesis">{course.thesis}</p>
      <p>
        A hands-on course in efficient inference of large language models: notebooks that run on
        this machine, with no GPU.
      </p>
      <Next course={course} progress={progress} />
      <h2>Chapters</h2>
      <ol class="chapters">
        {readable.map((link) => <ChapterItem key={link.name} link={link} progress={progress} />)}
      </ol>
      {unreadable.size > 0 && (
        <section class="wb-problem">
          <h2>Cannot be read</h2>
          <p>Open one to put it back as the course has it, or mend its file.</p>
          <ul>
            {[...unreadable].map(([name, reason]) => (
              <li key={name}>
                <a href={chapterHref(name)}>{name}</a>: {reason}
              </li>
            ))}
          </ul>
        </section>
      )}
      <h2>How to work</h2>
      <p>
        Read a chapter, change a number in a cell, and run it with <kbd>Shift</kbd>+
        <kbd>Enter</kbd>: watch what it does to the bytes. The exercises check themselves, and give
        a hint when you ask for one. Everything you do is saved in the notebook itself, so that you
        can go on in JupyterLab or VS Code just as well.
      </p>
    </>
  );
}

/** The front page: what the course is, its chapters, and how far the reader is. */
export function CoursePage() {
  const course = useLoaded<CourseView>("/api/course");
  return (
    <>
      <a class="skip" href="#main">Skip to the chapters</a>
      <TopBar />
      <main id="main" class="index" tabIndex={-1}>
        <h1>{courseName}</h1>
        {course.state === "failed" && <p role="alert">{course.reason}</p>}
        {course.state === "here" && <Course course={course.value} />}
      </main>
    </>
  );
}
