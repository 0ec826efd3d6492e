package stack

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"realname/shared/auth/strength/apart"
)

// function declares the deployment of a function of functions/.
type function struct {
	// MemoryMB also sets the CPU share: 1769 MB is one vCPU.
	MemoryMB int
	// TimeoutSeconds is the function's own; API Gateway waits at most 30.
	TimeoutSeconds int
	// Concurrency is reserved with the setting reserveConcurrency; 0 reserves none.
	Concurrency int
	May         []permission
}

// functions lists the functions in functions/, by the name of the folder. A new
// folder needs an entry here; the test of this file checks that.
var functions = map[string]function{
	"authorizer": {MemoryMB: 256, TimeoutSeconds: 5, May: use(checks, public)},
	// Argon2id needs 19 MiB and 2 passes for a password.
	"login": {
		MemoryMB: 1024, TimeoutSeconds: 10, Concurrency: 50,
		May: use(writes, lists, checks, public, []permission{signTokens}),
	},
	// A change of the account verifies the current password, and may end a session. The
	// holder's personal data lists the sessions and their requests to providers.
	"account": {MemoryMB: 1024, TimeoutSeconds: 15, Concurrency: 20, May: use(writes, lists, seals, signals)},
	// Two of its public routes hold an instance for a fixed time. One address may hold a
	// tenth of them.
	"credentials": {
		MemoryMB: 1024, TimeoutSeconds: 29, Concurrency: 40,
		May: use(writes, lists, seals, asks, public, []permission{sendMail, sendMessages}),
	},
	"operators": {MemoryMB: 512, TimeoutSeconds: 29, May: use(writes, seals)},
	"methods":   {MemoryMB: 256, TimeoutSeconds: 10, May: use(reads)},
	"sessions":  {MemoryMB: 256, TimeoutSeconds: 15, May: use(writes, lists, seals, starts, signals)},
	"enterprise": {
		MemoryMB: 256, TimeoutSeconds: 29, Concurrency: 50, May: use(writes, lists, seals, starts, signals, asks),
	},
	"legal-representative": {
		MemoryMB: 256, TimeoutSeconds: 29, Concurrency: 50, May: use(writes, lists, seals, starts, signals, asks),
	},
	"account-holder": {
		MemoryMB: 256, TimeoutSeconds: 29, Concurrency: 50, May: use(writes, lists, seals, starts, signals, asks),
	},
	"sms-codes": {
		MemoryMB: 256, TimeoutSeconds: 29, Concurrency: 20, May: use(writes, lists, seals, asks, []permission{sendMessages}),
	},
	"bank-redirect": {
		MemoryMB: 256, TimeoutSeconds: 29, Concurrency: 20, May: use(writes, lists, seals, starts, signals),
	},
	"bank-callback": {
		MemoryMB: 256, TimeoutSeconds: 15, Concurrency: 20, May: use(writes, lists, starts, signals, public),
	},
	"bank-returns":   {MemoryMB: 256, TimeoutSeconds: 10, May: use(reads, lists, public)},
	"card-challenge": {MemoryMB: 256, TimeoutSeconds: 10, May: use(writes, seals)},
	// It fetches revocation lists and reads the trust material, a list of settings.
	"card-answer": {
		MemoryMB: 512, TimeoutSeconds: 29, Concurrency: 20, May: use(writes, lists, seals, starts, signals),
	},
	"account-card": {MemoryMB: 512, TimeoutSeconds: 29, Concurrency: 20, May: use(writes, lists, seals)},
	"pages":        {MemoryMB: 256, TimeoutSeconds: 10, May: use(lists, public)},
	"finish":       {MemoryMB: 256, TimeoutSeconds: 30, May: use(writes, seals)},
	"repair": {
		MemoryMB: 256, TimeoutSeconds: 60, Concurrency: 1, May: use(writes, lists, seals, starts, signals),
	},
	// It reads every enterprise, some 5 ms each.
	"retention": {MemoryMB: 512, TimeoutSeconds: 900, Concurrency: 1, May: use(writes, lists, signals)},
	// A batch waits for providers, one message after another.
	"reset-messages": {
		MemoryMB: 256, TimeoutSeconds: 60, May: use(writes, lists, seals, asks, []permission{sendMessages, readStream}),
	},
	"oauth": {
		MemoryMB: 256, TimeoutSeconds: 10,
		May: use(writes, lists, public, []permission{checkMachineTokens, signMachineTokens}),
	},
	"real-name-status": {MemoryMB: 256, TimeoutSeconds: 10, May: use(writes, lists)},
	// One run may wait for the webhook three times, 25 s each.
	"notify": {
		MemoryMB: 256, TimeoutSeconds: 120, May: use(writes, lists, seals, []permission{publishEvents, readStream}),
	},
}

// functionNames returns the declared functions in order.
func functionNames() []string {
	names := make([]string, 0, len(functions))
	for name := range functions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// functionFolders returns the folders of functions/ that hold a bootstrap.
func functionFolders(root string) ([]string, error) {
	mains, err := filepath.Glob(filepath.Join(root, "functions", "*", "bootstrap", "main.go"))
	if err != nil {
		return nil, err
	}
	names := make([]string, len(mains))
	for i, main := range mains {
		names[i] = filepath.Base(filepath.Dir(filepath.Dir(main)))
	}
	return names, nil
}

// checkFunctions compares the declared functions with the folders and with the
// built functions.
func checkFunctions(root, dist string) error {
	folders, err := functionFolders(root)
	if err != nil {
		return err
	}
	for _, name := range folders {
		if _, ok := functions[name]; !ok {
			return fmt.Errorf("functions/%s is not deployed: add it to the table in infra/stack/functions.go", name)
		}
	}
	for _, name := range functionNames() {
		if !slices.Contains(folders, name) {
			return fmt.Errorf("infra/stack/functions.go deploys %q, which functions/ does not have", name)
		}
		if _, err := os.Stat(filepath.Join(dist, name, "bootstrap")); err != nil {
			return fmt.Errorf("function %s is not built, run make build: %w", name, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dist, "credentials", apart.Name)); err != nil {
		return fmt.Errorf("the program that rates passwords is not built, run make build: %w", err)
	}
	return nil
}
