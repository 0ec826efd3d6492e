/*
 * One verification session and all that races for it: two requests of its
 * clerk (or a bank's callback, which is the same to the protocol), the state
 * machine, finish, repair, and the clock. Any of them may stop between any two
 * outside calls. docs/model/README.md says what is proven and how to run it.
 *
 * What one transaction of the table does stands in one atomic block, guarded
 * by the session's version, as in shared/store/commit.go.
 */

#define STEPS  2      /* steps of the method; a third adds states, no new race */
#define TRIES  2      /* failed tries that end a step */
#define NONE   99

/* The session's item. */
mtype = { live, verified, failed, canceled, expired };
mtype = { quiet, start, passed, ended };
mtype closed  = live;
byte  done    = 0;            /* steps that passed, in their order */
byte  wrong   = 0;            /* failed tries of the open step */
mtype signal  = start;        /* the marker that the workflow must hear */
byte  about   = 0;            /* the step the signal is about */

/* The item's version, seen from each process: has it been written since this
   one read it? A write that names an older version is refused. */
#define PROCESSES 4
bool stale[PROCESSES];
#define READER(n) stale[n] = false
inline written()
{
	stale[0] = true; stale[1] = true; stale[2] = true; stale[3] = true
}

/* The step's item, put by the state machine, with its task token. */
byte open = NONE;

/* The execution: not begun, waiting for a token's answer, or at its end. */
mtype = { unborn, waiting, finishing, over };
mtype execution = unborn;
mtype answer    = quiet;      /* what the open task token was answered */
bool outdated   = false;      /* the step's item holds a token that is not waited for */

/* The clock: past the open step's deadline, which an extension only moves; long past it,
   and past the session's end. */
bool due = false, longPast = false;

/* How often a process may stop in the middle, and how often a clerk tries. */
byte crashes = 2;
byte visits  = 3;

#define processing (closed == live && done == STEPS)

/* What is closed stays closed the same way, and no session is verified but by
   all its steps. */
inline close(as)
{
	assert(closed == live && (as != verified || done == STEPS));
	closed = as
}

/* realname.Verification.send: what the marker says is told to the execution
   whose open step was read in `seenOpen`. What no token takes stays to be told until
   a later step is open: the step may be opened once more. The end of a session
   ends the wait for an earlier step too, and stays to be told: the token may have been
   used just before. */
inline answerOpen(kind, seenOpen, taken)
{
	atomic {
		if
		:: execution == waiting && open == seenOpen && answer == quiet && !outdated ->
			answer = kind; taken = true
		:: else -> taken = false
		fi
	}
}

inline send(kind, step, seenOpen, told)
{
	atomic {
		if
		:: kind == quiet -> told = true
		:: kind == start ->
			if
			:: execution == unborn -> execution = waiting
			:: else
			fi;
			told = true
		:: (kind == passed || kind == ended) ->
			if
			:: seenOpen == NONE -> told = false
			:: seenOpen < step && kind == passed -> told = false
#ifdef END_ITS_OWN_STEP_ALONE
			:: seenOpen < step && kind == ended -> told = false
#else
			:: seenOpen < step && kind == ended -> answerOpen(kind, seenOpen, told); told = false
#endif
			:: seenOpen != NONE && seenOpen > step -> told = true
			:: seenOpen == step -> answerOpen(kind, seenOpen, told)
#ifdef ANY_TOKEN_IS_TOLD
				; told = true
#endif
			fi
		fi
	}
}

/* realname.Verification.Finish: closes by the session's own steps. */
inline finish(me)
{
	READER(me);
	atomic {
		if
		:: !stale[me] && closed == live ->
#ifdef TRUST_THE_WORKFLOW
			close(verified);
#else
			if
			:: done == STEPS -> close(verified)
			:: else -> close(expired)
			fi;
#endif
			signal = quiet; about = 0; written()
		:: !stale[me] && closed != live && signal != quiet -> signal = quiet; about = 0; written()
		:: !stale[me] && closed != live && signal == quiet
		:: stale[me]                  /* read again, up to a bound: retried by the caller */
		fi
	}
}

/* realname.Verification.expire: repair, or a request that reads the session, closes it
   after its deadline, and the workflow must hear of it. */
inline expire(me)
{
	atomic {
		if
		:: !stale[me] && closed == live && done < STEPS && due ->
			close(expired); signal = ended; about = done; written()
		:: else
		fi
	}
}

/* A request that answers the open step, cancels, reads, or repeats an earlier one. */
proctype Request(byte me)
{
	byte step, seenOpen;
	bool told;
	mtype kind;

	do
	:: atomic { closed == live && visits > 0 ->
		visits--;
		READER(me); step = done; seenOpen = open; kind = quiet; told = false
	   }
	   if
	   :: atomic { signal != quiet -> kind = signal; step = about }   /* left by a process that stopped */
	   /* The provider was asked; one write decides. */
	   :: atomic { seenOpen == step && step < STEPS ->
		if
		:: !stale[me] && closed == live && !due ->
			if
			:: true -> done++; wrong = 0; signal = passed; about = step; kind = passed; written()
			:: wrong + 1 < TRIES -> wrong++; written()
			:: wrong + 1 >= TRIES -> close(failed); signal = ended; about = step; kind = ended; written()
			fi
		:: else               /* conflict, or too late: nothing is written */
		fi
	      }
	   :: atomic {
		if
		:: !stale[me] && closed == live && done < STEPS && !due ->
			close(canceled); signal = ended; about = done; step = done; kind = ended; written()
		:: else
		fi
	      }
	   :: atomic { due -> expire(me); if :: signal == ended -> kind = ended; step = about :: else fi }
	   fi;
	   /* The process may stop here, between its commit and its signal. */
	   if
	   :: send(kind, step, seenOpen, told)
	   :: atomic { kind != quiet && crashes > 0 -> crashes-- }
	   fi;
	   atomic { step = 0; seenOpen = 0; told = false; kind = quiet }
	:: closed != live || visits == 0 -> break
	od
}

/* The state machine of a method, shared/workflow. */
active proctype Execution()
{
	byte step = 0;
	bool ends = false;

	execution == waiting;
	do
	:: !ends ->
		if
#ifndef WITHOUT_REOPENING              /* the answer to the first write may be lost */
		:: atomic { crashes > 0 -> crashes--; open = step; answer = quiet; outdated = true };
		   atomic { outdated = false }
#endif
		:: atomic { open = step; answer = quiet }
		fi;
		if
		:: atomic { answer == passed && step + 1 < STEPS -> step++ }
		:: atomic { answer == passed && step + 1 == STEPS -> ends = true }
		:: answer == ended -> ends = true
		:: longPast -> ends = true     /* States.Timeout */
		:: crashes > 0 -> crashes--; goto lost   /* stopped from outside */
		fi
	:: ends -> break
	od;
	execution = finishing;
	do
	:: finish(2);
		if
		:: closed != live && signal == quiet -> break
		:: closed == live || signal != quiet
		fi
	:: crashes > 0 -> crashes--; break     /* its retries are used up */
	od;
lost:
	execution = over
}

#ifndef WITHOUT_REPAIR
/* functions/repair, every minute. */
active proctype Repair()
{
	byte k, seenOpen;
	mtype kind;
	bool told, passedAll;

	do
	:: closed != live && signal == quiet -> break
	:: signal != quiet || (due && closed == live) ->
		atomic { READER(3); kind = signal; k = about; seenOpen = open; told = false; passedAll = processing };
		if
#ifndef WITHOUT_EXPIRY
		:: due && closed == live && !passedAll -> expire(3)
#endif
		:: kind == quiet && passedAll -> finish(3); answerOpen(ended, seenOpen, told)
		:: kind != quiet ->
			atomic {
				if                     /* the session closed before its execution began */
				:: kind == ended && seenOpen == NONE && execution == unborn -> execution = waiting
				:: else
				fi
			};
			send(kind, k, seenOpen, told);
			if
			:: passedAll -> finish(3); answerOpen(ended, seenOpen, told)
			:: else ->
				atomic {
					if
					:: !stale[3] && (told || longPast) ->
						assert(longPast || kind != passed || open > k || answer == passed || execution != waiting);
						signal = quiet; about = 0; written()
					:: else
					fi
				}
			fi
		:: else                        /* another was faster */
		fi;
		atomic { kind = quiet; k = 0; seenOpen = 0; told = false; passedAll = false }
	od
}
#endif

#ifndef WITHOUT_CLOCK
active proctype Clock()
{
	due = true;
	longPast = true
}
#endif

init { atomic { run Request(0); run Request(1) } }

/* Never stuck for ever: every session closes, and its marker is cleared. */
ltl unstuck { <> (closed != live && signal == quiet) }

/* What was begun for a session ends once it is closed; without the clock, before
   its wait times out. */
ltl ends { [] ((closed != live && execution != unborn) -> <> (execution == over)) }

/* A session whose steps all passed is verified, whatever happens then. */
ltl kept { [] (done == STEPS -> <> (closed == verified)) }
