# The front door. `make help` lists the targets. The work is done by ./ipclab, whose exit status is exact: make turns every
# failure into 2.
.PHONY: grade hint regrade handout export gradescope test soak explain shell doctor bench machines slides format clean help
.DEFAULT_GOAL := help

# What a person sets reaches ./ipclab through the environment, letter for letter: LAB as IPCLAB_LAB. Nothing is quoted here,
# and nothing is expanded: $(value) is a variable's text as it was typed, and what make would export by itself it expands.
settings := LAB CHECK TREE JSON FORMAT OUTPUT KEEP PLAIN ID TIMES DECK PDF REFRESH MACHINE PROVE TESTS DEBUG SUBMISSIONS ROSTER OUT STUDENT VERSION
by_their_own_names := PATIENCE SEED INSTALL UNTRUSTED
unexport $(settings)
$(foreach s,$(settings),$(eval export IPCLAB_$s := $$(value $s)))
$(foreach s,$(by_their_own_names),$(eval override $s := $$(value $s)))
export $(by_their_own_names)

grade:  ## grade the labs: LAB=01 one lab, CHECK=end-of-file one check, TREE=solutions another tree, JSON=path, KEEP=yes, PLAIN=yes
grade:  ## or a class: SUBMISSIONS=a folder or a platform's export, ROSTER=people.csv, LAB=01, OUT=folder
	@./ipclab $(if $(IPCLAB_SUBMISSIONS),class,grade)

hint:  ## help with the first failure, a step more each time: LAB=01
	@./ipclab hint

regrade:  ## one student's lab once more, and what differs: OUT=build/class/NAME STUDENT=ada LAB=01
	@./ipclab regrade

handout:  ## the tree that students get, without solutions and tests: OUT=folder, VERSION=what their results name
	@./ipclab handout-tree

export:  ## a grading for a course platform: FORMAT=junit, FORMAT=list names all; JSON=path its results, OUTPUT=path instead of standard output
	@./ipclab export

gradescope:  ## the autograder to upload to Gradescope, as a zip: LAB=01 for one lab, OUTPUT=path
	@tools/gradescope

explain:  ## one diagnosis in depth: ID=pipe/write-end-kept-open; without ID the list of all
	@./ipclab explain

shell:  ## a shell in the room of a lab, with its programs, gdb and strace: LAB=01, CHECK=append its files, DEBUG=yes -O0, TREE=
	@./ipclab shell

doctor:  ## what this machine can and cannot do, and the command that mends it
	@./ipclab doctor

test:  ## the course's own tests
	@./ipclab test

soak:  ## hundreds of repetitions of solutions and variants, plain and under load: TIMES=200, LAB=01
	@./ipclab soak

bench:  ## what a verdict, a room and a grading cost, as medians
	@./ipclab bench

machines:  ## the course on other kernels, in qemu: MACHINE=bookworm, trixie, old or slow, LAB=10, PROVE=10, TESTS=yes (root)
	@./ipclab machines

slides:  ## the lectures as HTML in build/slides: PDF=yes also as PDF, REFRESH=yes records anew what they show, DECK=slides/01-pipeline.md
	@./ipclab slides

format:  ## clang-format over the checker (not over solutions: faults are patches on them)
	@git ls-files 'checker/*.cpp' 'checker/*.hpp' | grep -v -e '^checker/faults' -e '^checker/variants' | xargs clang-format -i

clean:  ## remove everything that was built
	rm -rf build build-*

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*  ## /  \1\t/p' Makefile | expand -t 12
