/*
 * The rule "passed means proven" (docs/decisions/0031-passed-means-proven.md):
 * one enterprise, its two administrators, and everything that races for what it
 * reads: the administrators' changes, two sessions, finish and repair, an import,
 * and the erasure of an account and of the legal representative.
 * docs/model/README.md says what is proven and how to run it.
 *
 * A process reads in one atomic block and writes in a later one. The write is one
 * transaction of the table: it is refused if one of the items that it writes was
 * written since it was read, as in shared/store/commit.go.
 */

#define EVENTS    3         /* changes, erasures and imports */
#define UNDER_WAY 2         /* transactions between their reads and their write */

#define SESSIONS  2
#define ACCOUNTS  2
#define NONE      7
#define NOBODY    0         /* an erased legal representative; the others are 1 and 2 */

mtype = { single_window, migrated };
mtype = { untouched, touched };
mtype = { legal_representative, bank_ukey, account_holder };
mtype = { none, live, verified, closed };

/* ---- Stored facts ---- */

/* The enterprise's item. */
mtype standing = untouched;
byte aspect = NONE;         /* the session that stands for it */
bool byLegal, byBank;       /* the methods that passed it */
byte legal = 1;
byte holders[ACCOUNTS] = NONE;

/* The accounts' items. */
mtype origin[ACCOUNTS];
bool open[ACCOUNTS];
byte holder[ACCOUNTS] = NONE;

/* The sessions' items. */
mtype state[SESSIONS] = none;
mtype method[SESSIONS];
byte owner[SESSIONS];
bool done[SESSIONS];        /* all its steps passed */
byte subject[SESSIONS];     /* the legal representative that the registry confirmed */

/* The counters Enterprise.Changes and Account.HolderChanges against the session's
   Ground: have they grown since the session took it? */
bool grownFacts[SESSIONS] = true, grownHolder[SESSIONS] = true;
inline countFacts()
{
	grownFacts[0] = true; grownFacts[1] = true
}
inline countHolder(a)
{
	if :: owner[0] == a -> grownHolder[0] = true :: else fi;
	if :: owner[1] == a -> grownHolder[1] = true :: else fi
}

/* The items' versions, a bit for each process: has the item been written since the
   process read it? */
#define ENTERPRISE  0
#define ACCOUNT(a)  (1 + (a))
#define SESSION(s)  (3 + (s))
byte stale[5] = 255;
#define read(item)  stale[item] = stale[item] & (255 - (1 << me))
#define fresh(item) (!(stale[item] & (1 << me)))
#define wrote(item) stale[item] = 255

byte underWay = 0;
byte events   = EVENTS;
#define mayBegin  (underWay < UNDER_WAY)
#define mayHappen (mayBegin && events > 0)
inline complete()           /* the transaction is over, written or refused */
{
	underWay--;
	stale[0] = stale[0] | (1 << me); stale[1] = stale[1] | (1 << me); stale[2] = stale[2] | (1 << me);
	stale[3] = stale[3] | (1 << me); stale[4] = stale[4] | (1 << me)
}

/* ---- Readings of the stored facts ---- */

#define coversEnterprise(s) (method[s] != account_holder)
#define coversHolder(s)     (method[s] != bank_ukey)

/* Does the enterprise count as verified by registration? */
#ifdef JUDGE_BY_PRESENT_ORIGINS
#define noOther(a) (!open[a] || origin[a] == single_window)
#define registered (open[0] || open[1] -> noOther(0) && noOther(1) : standing == untouched)
#else
#define registered (standing == untouched)
#endif

/* Enterprise.State and HolderState. */
#define readsEnterprise  (registered || aspect != NONE)
#define readsHolder      (registered || holders[0] != NONE || holders[1] != NONE)
#define readsHolderOf(a) (registered || holder[a] != NONE)

/* Eligible. */
#ifdef REFUSE_BY_OWN_ORIGIN
#define refused(a) (origin[a] == single_window)
#else
#define refused(a) registered
#endif
#define mayLegal(a)  (!refused(a) && !byLegal)
#define mayBank(a)   (!refused(a) && !byBank)
#define mayHolder(a) (!refused(a) && holder[a] == NONE && aspect != NONE)
#define mayStart(a)  (open[a] && (mayLegal(a) || mayBank(a) || mayHolder(a)))

/* ---- The rule, from its text alone: these variables hear what happens, and the
        service never reads them ---- */

bool everMigrated = false;        /* did an administrator ever come from elsewhere? */
bool everTouched  = false;        /* were the facts ever changed, erased or verified here? */
bool gone[ACCOUNTS];              /* is there no such administrator, or no longer? */
bool proved[SESSIONS];            /* was the session closed as verified? */
bool factsFell[SESSIONS] = true;  /* did name, code or legal representative change since the session looked? */
bool holderFell[SESSIONS] = true; /* did its holder? */
bool erasedSince[SESSIONS];       /* was the legal representative erased since it looked? */

#define ruleUntouched       (!everMigrated && !everTouched)
#define provesEnterprise(s) (proved[s] && coversEnterprise(s) && !factsFell[s])
#define provesHolder(s)     (proved[s] && coversHolder(s) && !holderFell[s])
#define ruleEnterprise      (ruleUntouched || provesEnterprise(0) || provesEnterprise(1))
#define ruleHolder          (ruleUntouched || provesHolder(0) || provesHolder(1))
#define ruleHolderOf(a)     (ruleUntouched || (provesHolder(0) && owner[0] == a) || (provesHolder(1) && owner[1] == a))

inline factsChange()
{
	everTouched = true; factsFell[0] = true; factsFell[1] = true
}

inline holderChanges(a)
{
	if :: owner[0] == a -> holderFell[0] = true :: else fi;
	if :: owner[1] == a -> holderFell[1] = true :: else fi
}

inline judgeAccount(a)
{
	if
	:: !gone[a] ->
		assert(readsHolderOf(a) == ruleHolderOf(a));
		/* Nobody is stranded. */
		assert(ruleEnterprise || (mayLegal(a) && mayBank(a)));
		assert(ruleHolderOf(a) || mayLegal(a) || mayHolder(a))
	:: else
	fi
}

/* What must be true after each transaction. */
inline judge()
{
	assert(readsEnterprise == ruleEnterprise);
	assert(readsHolder == ruleHolder);
	assert(aspect == NONE || provesEnterprise(aspect));  /* the session named as evidence is evidence */
	judgeAccount(0);
	judgeAccount(1)
}

/* ---- Sessions ---- */

inline loseAspect()
{
#ifdef FORGET_WITHDRAWAL
	if
	:: aspect != NONE && !everMigrated -> standing = untouched
	:: else
	fi;
#endif
#ifdef KEEP_ASPECT
	skip
#else
	aspect = NONE; byLegal = false; byBank = false
#endif
}

inline clear(s)             /* values of a session that no one reads once it is closed */
{
	subject[s] = 0; done[s] = false; grownFacts[s] = true; grownHolder[s] = true; erasedSince[s] = false;
	wrote(SESSION(s))
}

inline close(s)             /* as failed, canceled or expired */
{
	clear(s); state[s] = closed; owner[s] = 0; method[s] = 0; factsFell[s] = true; holderFell[s] = true
}

/* The effects of a verified session: adopt and pass, in shared/verification/effects.go. */
inline verify(s)
{
	if
	:: coversEnterprise(s) ->
		if
		:: method[s] == legal_representative ->
			assert(!erasedSince[s]);     /* an erased person is not stored again */
			if
			:: legal != NOBODY && legal != subject[s] -> countFacts(); loseAspect(); factsFell[1 - s] = true
			:: else
			fi;
			legal = subject[s]; byLegal = true
		:: else -> byBank = true
		fi;
		aspect = s; standing = touched; everTouched = true
	:: else
	fi;
	if
	:: coversHolder(s) ->
		holder[owner[s]] = s; holders[owner[s]] = s; standing = touched; wrote(ACCOUNT(owner[s]))
	:: else
	fi;
	clear(s); state[s] = verified; proved[s] = true; wrote(ENTERPRISE)
}

/* Verification.Finish. A deadline may pass at any time. */
inline finish(s)
{
	atomic { mayBegin && state[s] == live -> underWay++;
		read(SESSION(s)); read(ENTERPRISE); read(ACCOUNT(owner[s]));
#ifdef FINISH_WITHOUT_GROUND
		stands = true
#else
		stands = !(coversEnterprise(s) && grownFacts[s]) && !(coversHolder(s) && grownHolder[s])
#endif
	}
	atomic {
		if
		:: fresh(SESSION(s)) && (!done[s] || !stands) -> close(s)
		:: fresh(SESSION(s)) && done[s] && stands && fresh(ENTERPRISE) && (!coversHolder(s) || fresh(ACCOUNT(owner[s]))) ->
			verify(s)
		:: else                       /* stale: the caller tries again */
		fi;
		complete(); stands = false; judge()
	}
}

/* A session from its start to its end; `me` is its number too. Session 0 is of
   account 0 and verifies the enterprise; session 1 is of either and of any method. */
proctype Session(byte me)
{
	bool stands;

	/* Start takes the ground from the enterprise, which it does not write. */
	atomic { mayBegin && (mayStart(0) || (mayStart(1) && me == 1)) -> underWay++;
		if
		:: mayStart(0) -> owner[me] = 0
		:: mayStart(1) && me == 1 -> owner[me] = 1
		fi;
		if
		:: mayLegal(owner[me]) -> method[me] = legal_representative
		:: mayBank(owner[me]) -> method[me] = bank_ukey
		:: mayHolder(owner[me]) && me == 1 -> method[me] = account_holder
		fi;
		grownFacts[me] = false; factsFell[me] = false; erasedSince[me] = false
	}
	atomic {
		if
		:: state[1 - me] == live && owner[1 - me] == owner[me] && method[1 - me] == method[me] ->
			close(me)             /* one live session for each account and method */
		:: else ->
			state[me] = live; wrote(SESSION(me));
			if
			:: method[me] == legal_representative -> subject[me] = 1
			:: method[me] == legal_representative && me == 1 -> subject[me] = 2
			:: else
			fi
		fi;
		complete()
	}
	do
	/* The last step reads the holder, whom a provider then checks. */
	:: atomic { mayBegin && state[me] == live && !done[me] && coversHolder(me) && open[owner[me]] -> underWay++;
		read(SESSION(me)); grownHolder[me] = false; holderFell[me] = false
	   }
	   atomic {
		if
		:: fresh(SESSION(me)) -> done[me] = true; wrote(SESSION(me))
		:: else
		fi;
		complete()
	   }
	/* A bank answers even if the account is closed by then. */
	:: atomic { state[me] == live && !done[me] && !coversHolder(me) -> done[me] = true; wrote(SESSION(me)) }
	:: finish(me)
	:: state[me] == verified || state[me] == closed -> break
	od
}

proctype Repair(byte me)
{
	bool stands;

	do
	:: finish(0)
	:: finish(1)
	od
}

/* ---- Changes, erasures and the import ---- */

/* CancelLive: the account's sessions that have a step open end in the same transaction. */
inline plan(s, a, all)
{
	if
	:: state[s] == live && owner[s] == a && !done[s] && (all || coversEnterprise(s)) -> read(SESSION(s)); ends[s] = true
	:: else
	fi
}
#define freshPlan ((!ends[0] || fresh(SESSION(0))) && (!ends[1] || fresh(SESSION(1))))
inline endPlanned()
{
	if :: ends[0] -> close(0) :: else fi;
	if :: ends[1] -> close(1) :: else fi
}
inline forget()
{
	a = 0; ends[0] = false; ends[1] = false; complete()
}

/* ChangeEnterprise, ChangeLegalRepresentative and ChangeAdministrator, by either
   administrator. An untouched enterprise is maintained elsewhere. */
proctype Change(byte me)
{
	byte a, to;
	bool ends[SESSIONS];

again:
	atomic { mayHappen && (open[0] || open[1]) && !registered -> underWay++; events--;
		if
		:: open[0] -> a = 0
		:: open[1] -> a = 1
		fi;
		read(ACCOUNT(a)); read(ENTERPRISE);
		if
		:: to = legal                 /* another name or code */
		:: to = (legal == 1 -> 2 : 1) /* another legal representative */
		:: to = NONE                  /* another holder of the account */
		fi;
		if
		:: to != NONE -> plan(0, a, false); plan(1, a, false)
		:: else
		fi
	}
	atomic {
		if
		:: to == NONE && fresh(ACCOUNT(a)) && (holder[a] == NONE || fresh(ENTERPRISE)) ->
			countHolder(a); holderChanges(a);
			if
			:: holder[a] != NONE -> holder[a] = NONE; holders[a] = NONE; standing = touched; wrote(ENTERPRISE)
			:: else
			fi;
			wrote(ACCOUNT(a))
		:: to != NONE && fresh(ACCOUNT(a)) && fresh(ENTERPRISE) && freshPlan ->
			legal = to; standing = touched; countFacts(); loseAspect(); factsChange();
			endPlanned(); wrote(ENTERPRISE); wrote(ACCOUNT(a))
		:: else -> events++
		fi;
		to = 0; forget(); judge()
	}
	goto again
}

proctype EraseAccount(byte me)
{
	byte a;
	bool ends[SESSIONS];

again:
	atomic { mayHappen && (open[0] || open[1]) -> underWay++; events--;
		if
		:: open[0] -> a = 0
		:: open[1] -> a = 1
		fi;
		read(ACCOUNT(a)); read(ENTERPRISE); plan(0, a, true); plan(1, a, true)
	}
	atomic {
		if
		:: fresh(ACCOUNT(a)) && fresh(ENTERPRISE) && freshPlan ->
			if
			:: origin[a] == migrated || holder[a] != NONE -> standing = touched
			:: else
			fi;
			open[a] = false; holders[a] = NONE; countHolder(a); gone[a] = true; holderChanges(a);
			endPlanned(); wrote(ENTERPRISE); wrote(ACCOUNT(a))
		:: else -> events++
		fi;
		forget(); judge()
	}
	goto again
}

proctype EraseLegalRepresentative(byte me)
{
again:
	atomic { mayHappen && legal != NOBODY -> underWay++; events--; read(ENTERPRISE) }
	atomic {
		if
		:: fresh(ENTERPRISE) ->
			legal = NOBODY; countFacts();
#ifndef ERASURE_KEEPS_REGISTRATION
			standing = touched;
#endif
			everTouched = true; erasedSince[0] = true; erasedSince[1] = true; wrote(ENTERPRISE)
		:: else -> events++
		fi;
		complete(); judge()
	}
	goto again
}

/* The second administrator joins. */
proctype Import(byte me)
{
	do
	:: atomic { mayHappen -> underWay++; events--; read(ENTERPRISE) }
	   atomic {
		if
		:: fresh(ENTERPRISE) ->
			open[1] = true; gone[1] = false;
			if
			:: origin[1] == migrated -> standing = touched; everMigrated = true
			:: else
			fi;
			wrote(ENTERPRISE); wrote(ACCOUNT(1)); complete(); judge(); break
		:: else -> events++; complete()
		fi
	   }
	od
}

init {
	atomic {
		if :: origin[0] = single_window :: origin[0] = migrated fi;
		if :: origin[1] = single_window :: origin[1] = migrated fi;
		if
		:: origin[0] == migrated -> standing = touched; everMigrated = true
		:: else
		fi;
		open[0] = true; gone[1] = true;
		judge();
		run Session(0); run Session(1); run Repair(2);
		run Change(3); run EraseAccount(4); run EraseLegalRepresentative(5); run Import(6)
	}
}
