// The program that rates passwords for the credentials function (decision 36).
package main

import (
	"log"
	"os"

	"realname/shared/auth/strength"
	"realname/shared/auth/strength/apart"
)

func main() {
	if err := apart.Serve(os.Stdin, os.Stdout, strength.Rule); err != nil {
		log.Fatal(err)
	}
}
