package main

import (
	"log"
	"os"
)

// The middleware reads LISTEN_ADDRESS; platforms give PORT.
func listenOnPort() {
	if os.Getenv("LISTEN_ADDRESS") != "" {
		return
	}
	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	os.Setenv("LISTEN_ADDRESS", os.Getenv("SLIPWAY_LISTEN_HOST")+":"+port)
}

func fail(err error) {
	log.Fatal(err)
}
